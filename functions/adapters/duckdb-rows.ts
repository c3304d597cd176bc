import type { Columns, WarehouseRow } from '../ports/warehouse.ts';
import { type DuckdbConnection, literal, quoted } from './duckdb-connection.ts';

/** Rows of one insert: a statement of text that DuckDB parses at once. */
const ROWS_AT_ONCE = 500;

function cell(value: unknown, type: string): string {
  if (value === null || value === undefined) {
    return `cast(null as ${type})`;
  }
  const text = value instanceof Date ? value.toISOString().replace('T', ' ').replace('Z', '') : String(value);
  return `cast(${literal(text)} as ${type})`;
}

const columnList = (columns: Columns): string =>
  Object.entries(columns)
    .map(([name, type]) => `${quoted(name)} ${type}`)
    .join(', ');

/** A temporary table of rows that the program knows; a column that a row lacks is null. */
export async function createTemporaryTable(
  connection: DuckdbConnection,
  name: string,
  columns: Columns,
  rows: readonly WarehouseRow[],
): Promise<void> {
  await connection.run(`create or replace temp table ${quoted(name)} (${columnList(columns)})`);
  const entries = Object.entries(columns);
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const values = rows
      .slice(from, from + ROWS_AT_ONCE)
      .map((row) => `(${entries.map(([column, type]) => cell(row[column], type)).join(', ')})`);
    await connection.run(`insert into ${quoted(name)} values ${values.join(', ')}`);
  }
}
