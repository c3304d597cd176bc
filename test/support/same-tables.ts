import { tmpdir } from 'node:os';
import { DuckdbConnection, literal, quoted } from '../../functions/adapters/duckdb-connection.ts';

export interface SameTables {
  readonly tables: number;
  readonly rows: number;
  readonly differences: readonly string[];
}

/** Compares all tables of two warehouse files as multisets of rows, without the run that made them and other columns. */
export async function compareWarehouses(
  one: string,
  other: string,
  without: readonly string[] = [],
): Promise<SameTables> {
  const left = ['run_id', ...without].map(literal).join(', ');
  const connection = await DuckdbConnection.open(':memory:', {
    memoryLimit: '1GB',
    temporaryDirectory: tmpdir(),
  });
  try {
    await connection.run(`attach ${literal(one)} as one (read_only)`);
    await connection.run(`attach ${literal(other)} as other (read_only)`);
    const names = async (database: string): Promise<readonly string[]> =>
      (
        await connection.rows(
          `select table_name from duckdb_tables() where database_name = ${literal(database)} order by 1`,
        )
      ).map(({ table_name }) => String(table_name));
    const [here, there] = [await names('one'), await names('other')];
    const differences = here.join() === there.join() ? [] : [`tables ${here.join()} and ${there.join()}`];
    let rows = 0;
    for (const name of here.filter((table) => there.includes(table))) {
      const select = (database: string) =>
        `select columns(lambda name: name not in (${left})) from ${database}.${quoted(name)}`;
      rows += await connection.count(`select count(*) from one.${quoted(name)}`);
      const only = async (a: string, b: string): Promise<number> =>
        connection.count(`select count(*) from (${select(a)} except all ${select(b)})`);
      const [lost, more] = [await only('one', 'other'), await only('other', 'one')];
      if (lost + more > 0) {
        differences.push(`${name}: ${lost} rows only here, ${more} only there`);
      }
    }
    return { tables: here.length, rows, differences };
  } finally {
    connection.close();
  }
}
