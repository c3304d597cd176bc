import type { PeriodRow } from '../oracle/measured.ts';
import type { Row } from '../oracle/types.ts';
import { formatMinor } from '../oracle/values.ts';

const instant = (value: unknown): number | null =>
  value === null
    ? null
    : value instanceof Date
      ? value.getTime()
      : Date.parse(`${String(value).replace(' ', 'T')}Z`);

/** Every cell as a text: times as milliseconds, money in hundredths written out. */
function told(row: Row | object): string {
  const cells = Object.entries(row).map(([column, value]) => {
    if (value === null) return [column, null];
    if (typeof value === 'bigint') return [column, formatMinor(value)];
    return [column, String(column.endsWith('_at') && typeof value !== 'number' ? instant(value) : value)];
  });
  return JSON.stringify(Object.fromEntries(cells.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))));
}

/** Rows as texts in one order, to compare what two tellers say. */
export const sorted = (rows: readonly (Row | object)[]): string[] => rows.map(told).sort();

/** The columns of the engine's rows that the oracle tells of. */
export function columnsOf(rows: readonly Row[] | undefined, columns: readonly string[]): object[] {
  return (rows ?? []).map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));
}

const dayOf = (value: unknown): string =>
  (value instanceof Date ? value.toISOString() : String(value)).slice(0, 10);

/** The engine's `int_measured_periods`, as the oracle tells periods. Years are left to the cases. */
export function measuredPeriods(rows: readonly Row[] | undefined): Record<keyof PeriodRow, unknown>[] {
  return (rows ?? [])
    .filter(({ grain }) => grain !== 'year')
    .map((row) => ({
      measure: row.measure,
      grain: row.grain,
      period_start: dayOf(row.period_start),
      segment: row.segment_value,
      part: row.part,
      whole: row.whole,
      count: Number(row.count_facts),
      isComplete: row.is_complete,
    }));
}
