import { unknownNameText } from '../../functions/core/nearest-name.ts';
import type { WarehouseRow } from '../../functions/ports/warehouse.ts';

const TOLERANCE = 1e-9;
const numberText = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const instantText = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(?::(\d{2})(\.\d+)?)?Z?$/;

/** One spelling for values that engines and YAML spell differently: null, and the fraction of a second. */
function canonicalText(value: unknown): string {
  if (value === null || value === undefined) {
    return 'null';
  }
  const text =
    value instanceof Date
      ? value.toISOString()
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);
  const instant = instantText.exec(text);
  if (instant === null) {
    return text;
  }
  const [, day, minute, second = '00', fraction = ''] = instant;
  return `${day} ${minute}:${second}${fraction.replace(/\.?0+$/, '')}`;
}

/**
 * A number of the case is compared as a number, since engines answer decimals and big integers as text;
 * a decimal written in quotes is compared with its scale.
 */
function isSameValue(actual: unknown, expected: unknown): boolean {
  if (typeof expected === 'number') {
    const text = canonicalText(actual);
    return (
      numberText.test(text) &&
      Math.abs(Number(text) - expected) <= TOLERANCE * Math.max(1, Math.abs(expected))
    );
  }
  return canonicalText(actual) === canonicalText(expected);
}

function rowText(row: WarehouseRow, columns: readonly string[]): string {
  return `  { ${columns.map((column) => `${column}: ${canonicalText(row[column])}`).join(', ')} }`;
}

/** Columns in which a missing row differs from the unexpected one that is most like it. */
function differingColumns(
  missing: readonly WarehouseRow[],
  unexpected: readonly WarehouseRow[],
  columns: readonly string[],
): readonly string[] {
  const differing = missing.flatMap((row) => {
    const [nearest = []] = unexpected
      .map((other) => columns.filter((name) => !isSameValue(other[name], row[name])))
      .sort((one, other) => one.length - other.length);
    return nearest;
  });
  return columns.filter((name) => differing.includes(name));
}

/** What differs, the order of rows aside, on the columns that the expected rows name; one that they leave out is null. */
export function differenceOfRows(
  actual: readonly WarehouseRow[],
  expected: readonly WarehouseRow[],
): string | undefined {
  const [first] = actual;
  const named = [...new Set(expected.flatMap((row) => Object.keys(row)))];
  const columns = named.length > 0 ? named : Object.keys(first ?? {});
  const unknown = first && columns.find((column) => !(column in first));
  if (unknown !== undefined) {
    return `The result lacks a column: ${unknownNameText(unknown, Object.keys(first ?? {}))}`;
  }
  const unexpected = [...actual];
  const missing: WarehouseRow[] = [];
  for (const row of expected) {
    const place = unexpected.findIndex((candidate) =>
      columns.every((name) => isSameValue(candidate[name], row[name])),
    );
    if (place < 0) {
      missing.push(row);
    } else {
      unexpected.splice(place, 1);
    }
  }
  if (missing.length + unexpected.length === 0) {
    return undefined;
  }
  const lines = (rows: readonly WarehouseRow[]) => rows.map((row) => rowText(row, columns));
  const differing = differingColumns(missing, unexpected, columns);
  return [
    `${actual.length} rows, ${expected.length} expected${differing.length > 0 ? `; other: ${differing.join(', ')}` : ''}`,
    ...(missing.length > 0 ? ['missing:', ...lines(missing)] : []),
    ...(unexpected.length > 0 ? ['unexpected:', ...lines(unexpected)] : []),
  ].join('\n');
}
