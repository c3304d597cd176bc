import { type CellKind, spell } from './cells.ts';
import type { Row } from './types.ts';
import { groupBy } from './values.ts';

export type Comparison = {
  readonly relation: string;
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, CellKind>>;
};

/** More than these say nothing new about one relation. */
const mostDifferences = 12;

/** What an engine's rows say differently from the expected ones, in words; empty when they are equal. */
export function differencesOf(
  comparison: Comparison,
  expected: readonly Row[],
  actual: readonly Row[] | undefined,
): string[] {
  const { relation } = comparison;
  if (actual === undefined) return [`${relation}: the engine gave no such relation`];
  const expectedByKey = groupBy(expected, (row) => keyOf(row, comparison));
  const actualByKey = groupBy(actual, (row) => keyOf(row, comparison));
  const differences = [...new Set([...expectedByKey.keys(), ...actualByKey.keys()])].flatMap((key) =>
    differencesOfRow(key, comparison, expectedByKey.get(key) ?? [], actualByKey.get(key) ?? []),
  );
  return differences.length <= mostDifferences
    ? differences
    : [
        ...differences.slice(0, mostDifferences),
        `${relation}: and ${differences.length - mostDifferences} more differences`,
      ];
}

function keyOf(row: Row, { key, columns }: Comparison): string {
  return key.map((column) => `${column}=${spell(row[column], columns[column] ?? 'text')}`).join(' ');
}

function differencesOfRow(
  key: string,
  { relation, columns }: Comparison,
  expected: readonly Row[],
  actual: readonly Row[],
): string[] {
  const [wanted] = expected;
  const [got] = actual;
  if (wanted === undefined) return [`${relation} ${key}: a row that the oracle does not expect`];
  if (got === undefined) return [`${relation} ${key}: the row is missing`];
  if (actual.length > 1) return [`${relation} ${key}: ${actual.length} rows instead of one`];
  return Object.entries(columns).flatMap(([column, kind]) => {
    if (!(column in got)) return [`${relation} ${key}: the column ${column} is missing`];
    const is = spell(got[column], kind);
    const should = spell(wanted[column], kind);
    return is === should ? [] : [`${relation} ${key}: ${column} is ${is}, the oracle says ${should}`];
  });
}
