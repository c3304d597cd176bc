import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { periodsOf } from '../oracle/measured.ts';
import { cartsOf, measuredOf, paymentsOf } from '../oracle/purchase.ts';
import { LifecycleEngine } from '../support/lifecycle-engine.ts';
import { randomPurchases } from '../support/random-purchases.ts';
import { columnsOf, measuredPeriods, sorted } from '../support/told-rows.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const isFull = process.env.DONGU_WORLDS === 'full';
const worlds = Array.from({ length: isFull ? 100 : 4 }, (_, index) => index + 1);

let engine: LifecycleEngine;
/** What the worlds met: an edge that none of them reaches proves nothing. */
const met = new Set<string>();

beforeAll(async () => {
  engine = await LifecycleEngine.open(undefined, ['payments', 'carts', 'int_measured_periods']);
});
afterAll(() => engine.close());

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
    expect(sorted(measuredPeriods(relations.int_measured_periods))).toEqual(sorted(periods));
  });

  it('met every end of a cart and a payment, and every measure', () => {
    const ends = ['ordered', 'recovered', 'emptied', 'open', 'abandoned', 'succeeded', 'failed'];
    const measures = [...met].filter((name) => name.includes('_'));

    expect(isFull ? ends.filter((end) => !met.has(end)) : []).toEqual([]);
    expect(measures.length).toBe(12);
  });
});
