import { ModelError } from '../core/errors.ts';
import { readDependencies } from '../core/sql-dependencies.ts';
import { type DuckdbConnection, literal } from './duckdb-connection.ts';

/** What the selects of this process read: a function that stays warm runs the same models again. */
const known = new Map<string, readonly string[]>();

/**
 * Relations that a select reads, by DuckDB's own parser: it reads all of the subset in which models are written,
 * whatever engine runs them. Throws ModelError with the line.
 */
export async function selectDependencies(
  connection: DuckdbConnection,
  select: string,
): Promise<readonly string[]> {
  const read = known.get(select) ?? (await parsedDependencies(connection, select));
  known.set(select, read);
  return read;
}

async function parsedDependencies(connection: DuckdbConnection, select: string): Promise<readonly string[]> {
  const [row] = await connection.rows(`select json_serialize_sql(${literal(select)})::varchar as tree`);
  const tree = JSON.parse(String(row?.tree)) as {
    error?: boolean;
    error_message?: string;
    position?: string;
  };
  if (tree.error) {
    const line = select.slice(0, Number(tree.position ?? 0)).split('\n').length;
    throw new ModelError(`line ${line}: ${tree.error_message ?? 'no select'}`, 'Mend the SQL at that line.');
  }
  return readDependencies(tree);
}
