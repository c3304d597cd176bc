import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WarehouseRow } from '../../functions/ports/warehouse.ts';
import {
  type Bought,
  type Buying,
  boughtOf,
  buyingLikelihood,
  correlation,
  meanValue,
  repeatBuyers,
  type Spending,
  spendingLikelihood,
  valuedOf,
} from '../oracle/customer-values.ts';
import { formatMinor } from '../oracle/values.ts';
import { type BuyerWorld, randomBuyers } from '../support/random-buyers.ts';
import { ValueEngine } from '../support/value-engine.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const isFull = process.env.DONGU_WORLDS === 'full';
const worlds = Array.from({ length: isFull ? 100 : 3 }, (_, index) => index + 1);

let engine: ValueEngine;
/** Why worlds had no values, and `valued`: an end that none of them reaches proves nothing. */
const met = new Set<string>();

beforeAll(async () => {
  engine = await ValueEngine.open();
});
afterAll(() => engine.close());

type Rows = readonly WarehouseRow[];

const numbers = (row: WarehouseRow | undefined, columns: readonly string[]): number[] =>
  columns.map((column) => Number(row?.[column]));

const byModel = (rows: Rows | undefined, model: string): WarehouseRow | undefined =>
  rows?.find((row) => row.model === model);

/** The first gate that the data do not pass. */
function gateOf(bought: readonly Bought[], { run }: BuyerWorld): string | null {
  if (bought.length < run.minimumBuyers) return 'too_few_buyers';
  if (bought.every(({ ageDays }) => ageDays < 180)) return 'too_short_history';
  if (bought.every(({ ageDays, recencyDays }) => ageDays - recencyDays > 30)) return 'no_recent_order';
  return bought.every(({ frequency }) => frequency < 2) ? 'too_few_frequent_buyers' : null;
}

function spendingGateOf(bought: readonly Bought[], world: BuyerWorld): string | null {
  const gate = gateOf(bought, world);
  if (gate !== null) return gate;
  const means = repeatBuyers(bought).map(({ mean }) => mean);
  if (correlation(bought) >= 0.3) return 'value_depends_on_frequency';
  return new Set(means).size === 1 ? 'all_identical' : null;
}

/** No step of two hundredths from a maximum leads up. */
function expectMaximum(
  likelihood: (point: number[]) => number,
  point: readonly number[],
  stated: unknown,
): void {
  const top = likelihood([...point]);
  expect(top / Number(stated)).toBeCloseTo(1, 7);
  for (const index of point.keys()) {
    for (const factor of [1.02, 1 / 1.02]) {
      const moved = point.map((value, at) => (at === index ? value * factor : value));
      expect(likelihood(moved)).toBeLessThanOrEqual(top + 1e-6);
    }
  }
}

const buyingOf = (row: WarehouseRow | undefined) =>
  numbers(row, ['r', 'alpha', 'a', 'b']) as unknown as Buying;

const spendingOf = (row: WarehouseRow | undefined) =>
  row?.null_reason === null ? (numbers(row, ['p', 'q', 'gamma']) as unknown as Spending) : undefined;

function expectModels(models: Rows, bought: readonly Bought[], { run }: BuyerWorld): void {
  const buying = byModel(models, run.model);
  const spending = byModel(models, 'gamma_gamma');
  const parameters = spendingOf(spending);
  expectMaximum(
    (point) => buyingLikelihood(bought, run, point as unknown as Buying),
    buyingOf(buying),
    buying?.log_likelihood,
  );
  if (parameters) {
    expectMaximum(
      (point) => spendingLikelihood(bought, point as unknown as Spending),
      parameters,
      spending?.log_likelihood,
    );
  }
  const held = bought.reduce((sum, { holdoutOrders }) => sum + (holdoutOrders ?? 0), 0);
  expect([null, held]).toContainEqual(
    buying?.holdout_orders === null ? null : Number(buying?.holdout_orders),
  );
}

/** Money is written in hundredths: at most a half of one away, and what rounding of doubles makes of it. */
const near = (text: unknown, value: number): boolean =>
  Math.abs(Number(text) - value) <= 0.005 + 1e-9 * Math.abs(value) + 1e-7;

function expectFacts(rows: Rows, bought: readonly Bought[], { run }: BuyerWorld): void {
  const told = bought.map(({ customer_id, frequency, recencyDays, ageDays, repeatMinor }) => ({
    customer_id,
    frequency,
    recency: (recencyDays / run.daysPerUnit).toFixed(6),
    customer_age: (ageDays / run.daysPerUnit).toFixed(6),
    amount: frequency === 0 ? null : formatMinor(repeatMinor),
  }));
  const ofEngine = rows.map((row) => ({
    customer_id: row.customer_id,
    frequency: Number(row.frequency),
    recency: Number(row.recency).toFixed(6),
    customer_age: Number(row.customer_age).toFixed(6),
    amount:
      row.monetary_value === null ? null : (Number(row.monetary_value) * Number(row.frequency)).toFixed(2),
  }));
  const sorted = (items: readonly object[]) => items.map((item) => JSON.stringify(item)).sort();
  expect(sorted(ofEngine)).toEqual(sorted(told));
}

function expectValues(
  rows: Rows,
  bought: readonly Bought[],
  world: BuyerWorld,
  buying: Buying,
  spending: Spending | undefined,
): void {
  const known = new Map(bought.map((one) => [one.customer_id, one]));
  // each one is a hundred integrals: some of them are enough
  const wrong = rows
    .filter((_, index) => index % 8 === 0)
    .filter((row) => {
      const one = known.get(String(row.customer_id));
      if (!one) return true;
      const { alive, orders, discounted } = valuedOf(one, world.run, buying);
      const value = spending && meanValue(one, spending);
      const isWorth =
        value === undefined
          ? row.clv_amount === null
          : near(row.expected_value, value) && near(row.clv_amount, discounted * value);
      return (
        Math.abs(Number(row.alive_probability) - alive) > 1e-6 ||
        Math.abs(Number(row.expected_orders) - orders) > 1e-6 * (1 + orders) ||
        !isWorth
      );
    });
  expect(wrong).toEqual([]);
}

/** Cohorts by month of the first order: customers, and the sums of what is said of each. */
function expectCohorts(cohorts: Rows, rows: Rows, bought: readonly Bought[]): void {
  const ofCustomer = new Map(rows.map((row) => [row.customer_id, row]));
  const months = new Map<string, { customers: number; alive: number; worth: number }>();
  for (const { customer_id, firstDay } of bought) {
    const sums = months.get(firstDay.slice(0, 7)) ?? { customers: 0, alive: 0, worth: 0 };
    sums.customers += 1;
    sums.alive += Number(ofCustomer.get(customer_id)?.alive_probability);
    sums.worth += Math.round(Number(ofCustomer.get(customer_id)?.clv_amount ?? 0) * 100);
    months.set(firstDay.slice(0, 7), sums);
  }
  const told = cohorts
    .filter(
      ({ grain, segment_type, count_customers }) =>
        grain === 'month' && segment_type === 'all' && Number(count_customers) > 0,
    )
    .map((row) => [
      new Date(String(row.period_start)).toISOString().slice(0, 7),
      Number(row.count_customers),
      Math.round(1e6 * Number(row.alive_customers)),
      Math.round(Number(row.clv_amount ?? 0) * 100),
    ]);
  const expected = [...months].map(([month, { customers, alive, worth }]) => [
    month,
    customers,
    Math.round(1e6 * alive),
    worth,
  ]);
  expect(told.sort()).toEqual(expected.sort());
}

describe('values of customers in random worlds', () => {
  it.each(worlds)('agree with what is told by hand in world %i', async (number) => {
    const world = randomBuyers(number);
    const { settings, run } = world;
    const touchpoints = world.touchpoints.map(({ occurred_at, reporting_amount, ...touchpoint }) => ({
      ...touchpoint,
      occurred_at: new Date(occurred_at),
      reporting_amount: reporting_amount === null ? null : formatMinor(reporting_amount),
    }));

    const relations = await engine.relations({
      asOf: new Date(run.asOf),
      timeZone: run.timeZone,
      settings,
      touchpoints,
    });

    const bought = boughtOf(world.touchpoints, run);
    const rows = relations.customer_values ?? [];
    const buyingRow = byModel(relations.value_models, run.model);
    const spendingRow = byModel(relations.value_models, 'gamma_gamma');
    expectFacts(rows, bought, world);
    const gates = [gateOf(bought, world), spendingGateOf(bought, world)];
    for (const [index, row] of [buyingRow, spendingRow].entries()) {
      const reason = row?.null_reason ?? null;
      met.add(String(reason ?? 'valued'));
      // that there is no maximum is not told by hand
      if (gates[index] !== null || !['no_maximum', 'not_converged', 'no_mean_value'].includes(String(reason)))
        expect(reason).toBe(gates[index]);
    }
    if (buyingRow?.null_reason === null) {
      expectModels(relations.value_models ?? [], bought, world);
      expectValues(rows, bought, world, buyingOf(buyingRow), spendingOf(spendingRow));
      expectCohorts(relations.int_values_by_cohort ?? [], rows, bought);
    } else {
      const valued = rows.filter((row) => row.alive_probability !== null || row.clv_amount !== null);
      expect(valued).toEqual([]);
    }
  });

  it('met values, and every reason for none', () => {
    const reasons = [
      'valued',
      'too_few_buyers',
      'too_short_history',
      'no_recent_order',
      'too_few_frequent_buyers',
      'value_depends_on_frequency',
      'all_identical',
    ];

    expect(met).toContain('valued');
    expect(isFull ? reasons.filter((reason) => !met.has(reason)) : []).toEqual([]);
  });
});
