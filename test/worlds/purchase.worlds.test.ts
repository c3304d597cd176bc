import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cartsOf, measuredOf, paymentsOf, periodsOf } from '../oracle/purchase.ts';
import type { Row } from '../oracle/types.ts';
import { formatMinor } from '../oracle/values.ts';
import { LifecycleEngine } from '../support/lifecycle-engine.ts';
import { randomPurchases } from '../support/random-purchases.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const isFull = process.env.DONGU_WORLDS === 'full';
const worlds = Array.from({ length: isFull ? 120 : 6 }, (_, index) => index + 1);

let engine: LifecycleEngine;
/** What the worlds met: an edge that none of them reaches proves nothing. */
const met = new Set<string>();

beforeAll(async () => {
  engine = await LifecycleEngine.open(undefined, ['payments', 'carts', 'int_measured_periods']);
});
afterAll(() => engine.close());

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

const sorted = (rows: readonly (Row | object)[]): string[] => rows.map(told).sort();

function columnsOf(rows: readonly Row[] | undefined, columns: readonly string[]): object[] {
  return (rows ?? []).map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));
}

const dayOf = (value: unknown): string =>
  (value instanceof Date ? value.toISOString() : String(value)).slice(0, 10);

describe('payments, carts and measures of the purchase in random worlds', () => {
  it.each(worlds)('agree with what is told by hand in world %i', async (number) => {
    const { run, touchpoints } = randomPurchases(number);
    const relations = await engine.relations({ run, touchpoints, lifecycles: [] });
    const carts = cartsOf(touchpoints, run);
    const payments = paymentsOf(touchpoints, run);
    const periods = periodsOf(measuredOf(touchpoints, run), run);

    for (const { status } of [...carts, ...payments]) met.add(status);
    for (const { measure } of periods) met.add(measure);
    expect(sorted(columnsOf(relations.carts, Object.keys(carts[0] ?? {})))).toEqual(sorted(carts));
    expect(sorted(columnsOf(relations.payments, Object.keys(payments[0] ?? {})))).toEqual(sorted(payments));
    const ofEngine = (relations.int_measured_periods ?? [])
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
    expect(sorted(ofEngine)).toEqual(sorted(periods));
  });

  it('met every end of a cart and a payment, and every measure', () => {
    const ends = ['ordered', 'recovered', 'emptied', 'open', 'abandoned', 'succeeded', 'failed'];
    const measures = [...met].filter((name) => name.includes('_'));

    expect(isFull ? ends.filter((end) => !met.has(end)) : []).toEqual([]);
    expect(measures.length).toBe(12);
  });
});
