import { literal, quoted } from '../../../functions/adapters/duckdb-connection.ts';
import type { Columns, Warehouse, WarehouseRow } from '../../../functions/ports/warehouse.ts';

/** A relation that two engines have built from the same lake. */
export interface BuiltTwice {
  readonly name: string;
  readonly columns: Columns;
  /** Columns that make a row unique; without them, rows are told apart by all exact columns. */
  readonly key: readonly string[];
  /** Its name in DuckDB. */
  readonly duckdb: string;
  /** The Parquet objects that Athena has written, brought to this machine. */
  readonly athena: readonly string[];
}

export interface Comparison {
  readonly rows: number;
  readonly cells: number;
  /** Each names the relation, the column, the row's key and both values. */
  readonly differences: readonly string[];
}

const TOLERANCE = 1e-12;
/** Differing rows that are looked at, of each engine. */
const MOST_ROWS = 5000;
/** Differences that are told of one relation. */
const MOST_TOLD = 5;

const spelled = (value: unknown): string =>
  value === null || value === undefined ? 'null' : typeof value === 'string' ? `"${value}"` : String(value);

/** What the Parquet objects hold, in the types of the YAML; no object is no row. */
function athenaSelect({ columns, athena }: BuiltTwice): string {
  const typed = Object.entries(columns).map(
    ([name, type]) => `cast(${quoted(name)} as ${type}) as ${quoted(name)}`,
  );
  if (athena.length === 0) {
    const nulls = Object.entries(columns).map(([name, type]) => `cast(null as ${type}) as ${quoted(name)}`);
    return `select ${nulls.join(', ')} where false`;
  }
  const paths = athena.map(literal).join(', ');
  return `select ${typed.join(', ')} from read_parquet([${paths}], hive_partitioning = false)`;
}

/** Names and types of what DuckDB has built: nothing else is to be compared with what the YAML says. */
async function typeDifferences(
  warehouse: Warehouse,
  { name, columns, duckdb }: BuiltTwice,
): Promise<string[]> {
  const rows = await warehouse.rows(`describe ${quoted(duckdb)}`);
  const types = new Map(
    rows.map((row) => [String(row.column_name), String(row.column_type).toLowerCase()] as const),
  );
  return Object.entries(columns).flatMap(([column, type]) =>
    types.get(column) === type
      ? []
      : [`${name}.${column}: duckdb gives ${types.get(column) ?? 'no such column'}, its YAML says ${type}`],
  );
}

/** Compares all rows as multisets: doubles to a relative 1e-12, everything else exactly. */
export async function compareRelation(warehouse: Warehouse, relation: BuiltTwice): Promise<Comparison> {
  const columns = Object.keys(relation.columns);
  const mistyped = await typeDifferences(warehouse, relation);
  const steps = `with
    duckdb_rows as (select ${columns.map(quoted).join(', ')} from ${quoted(relation.duckdb)}),
    athena_rows as (${athenaSelect(relation)})`;
  const [counted] = await warehouse.rows(`${steps}
    select (select count(*) from duckdb_rows) as duckdb, (select count(*) from athena_rows) as athena`);
  const rows = Number(counted?.duckdb);
  if (mistyped.length > 0) {
    return { rows, cells: rows * columns.length, differences: mistyped };
  }
  const order = columns.map((_, index) => index + 1).join(', ');
  const only = (engine: 'duckdb' | 'athena', other: 'duckdb' | 'athena'): Promise<readonly WarehouseRow[]> =>
    warehouse.rows(`${steps}
      select * from (select * from ${engine}_rows except all select * from ${other}_rows) as only_here
      order by ${order} limit ${MOST_ROWS}`);
  const duckdb = await only('duckdb', 'athena');
  const athena = await only('athena', 'duckdb');
  const differences = differencesOf(relation, duckdb, athena);
  return {
    rows,
    cells: rows * columns.length,
    differences: [
      ...differences.slice(0, MOST_TOLD),
      ...(differences.length > MOST_TOLD
        ? [
            `${relation.name}: ${differences.length} differences in all (${spelled(counted?.duckdb)} rows on duckdb, ${spelled(counted?.athena)} on athena)`,
          ]
        : []),
    ],
  };
}

/** Rows of one key are held against each other, in the order of their other cells where a key comes twice. */
function differencesOf(
  relation: BuiltTwice,
  duckdb: readonly WarehouseRow[],
  athena: readonly WarehouseRow[],
): readonly string[] {
  const exact = Object.entries(relation.columns)
    .filter(([, type]) => type !== 'double')
    .map(([name]) => name);
  const key = relation.key.length > 0 ? relation.key : exact;
  const keyOf = (row: WarehouseRow): string => key.map((name) => `${name} ${spelled(row[name])}`).join(', ');
  const [here, there] = [Map.groupBy(duckdb, keyOf), Map.groupBy(athena, keyOf)];
  return [...new Set([...here.keys(), ...there.keys()])].flatMap((place) => {
    const [own, other] = [here.get(place) ?? [], there.get(place) ?? []];
    return Array.from({ length: Math.max(own.length, other.length) }, (_, index) =>
      rowDifferences(relation, place, own[index], other[index]),
    ).flat();
  });
}

function rowDifferences(
  { name, columns }: BuiltTwice,
  place: string,
  duckdb: WarehouseRow | undefined,
  athena: WarehouseRow | undefined,
): readonly string[] {
  const row = duckdb ?? athena;
  if (!duckdb || !athena) {
    const cells = Object.keys(columns).map((column) => `${column} ${spelled(row?.[column])}`);
    return [`${name} at ${place}: only ${duckdb ? 'duckdb' : 'athena'} has the row { ${cells.join(', ')} }`];
  }
  return Object.entries(columns).flatMap(([column, type]) =>
    isSame(type, duckdb[column], athena[column])
      ? []
      : [
          `${name}.${column} at ${place}: duckdb ${spelled(duckdb[column])}, athena ${spelled(athena[column])}`,
        ],
  );
}

function isSame(type: string, one: unknown, other: unknown): boolean {
  if (spelled(one) === spelled(other)) {
    return true;
  }
  if (type !== 'double' || typeof one !== 'number' || typeof other !== 'number') {
    return false;
  }
  // beyond 2^53 a double is no exact number of anything: decimals become doubles a last digit apart
  const isWhole = Number.isSafeInteger(one) && Number.isSafeInteger(other);
  return !isWhole && Math.abs(one - other) <= TOLERANCE * Math.max(Math.abs(one), Math.abs(other));
}
