import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { localDayOf } from '../../functions/core/calendar.ts';
import type { LedgerCounts } from '../../functions/ports/ledger.ts';
import type { Warehouse } from '../../functions/ports/warehouse.ts';
import type { LakeParameters, TestLake } from './test-lake.ts';

// The figures of ../shared/data/expected.json were computed with pandas, independently of this project.

const dataFolder = fileURLToPath(new URL('../../../shared/data', import.meta.url));

export const realFiles = {
  onlineRetail: join(dataFolder, 'online-retail', 'online_retail_2010-12_2011-05.csv.gz'),
  cdnow: join(dataFolder, 'cdnow', 'CDNOW_sample.txt.gz'),
  clickstream: join(dataFolder, 'ecom-clickstream', 'ecom_to_2024-04-30.csv.gz'),
  mrrPlaybook: join(dataFolder, 'mrr-playbook', 'subscription_periods.csv'),
};

export const zendeskFile = (table: string): string => join(dataFolder, 'zendesk', 'seeds', `${table}.csv`);

/** False, with a notice, where the data does not lie beside the project: the tests that need it are skipped. Not in CI. */
export function hasRealData(folder = dataFolder): boolean {
  const isThere = existsSync(join(folder, 'expected.json'));
  // biome-ignore lint/style/noProcessEnv: CI says so
  if (!isThere && process.env.DONGU_CI) {
    throw new Error(
      'DONGU_CI is set and the real data is not at ../shared/data: its figures must be checked',
    );
  }
  if (!isThere) {
    console.warn('skipped: the real data is not at ../shared/data, so its figures are not checked');
  }
  return isThere;
}

interface Reporting {
  readonly reporting: { readonly time_zone: string; readonly currency: string };
  readonly as_of: string;
}

type Cohorts = Readonly<Record<string, readonly number[]>>;

interface MonthFigures {
  readonly orders: number;
  readonly customers: number;
  readonly gross_amount: number;
}

export interface ExpectedFigures {
  readonly 'online-retail': Reporting & {
    readonly rows: number;
    readonly rows_without_customer: number;
    readonly clean_lines: number;
    readonly customers: number;
    readonly orders: number;
    readonly gross_amount: number;
    readonly average_order_value: number;
    readonly repeat_customers: number;
    readonly repeat_rate: number;
    readonly cancelled_amount: number;
    readonly cohort_active_customers: Cohorts;
    readonly by_month: Readonly<Record<string, MonthFigures>>;
  };
  readonly cdnow: Reporting & {
    readonly lines: number;
    readonly customers: number;
    readonly customer_days: number;
    readonly amount: number;
    readonly cohort_active_customers: Cohorts;
    readonly 'published_bgnbd_to_1997-09-30': {
      readonly r: number;
      readonly alpha: number;
      readonly a: number;
      readonly b: number;
      readonly log_likelihood: number;
    };
    readonly published_gamma_gamma: { readonly p: number; readonly q: number; readonly gamma: number };
  };
  readonly 'ecom-clickstream': Reporting & {
    readonly events: number;
    readonly users: number;
    readonly given_sessions: number;
    readonly by_event: Readonly<Record<string, number>>;
    readonly first: string;
    readonly last: string;
    readonly sessions_by_30_minute_rule: number;
  };
}

export const expectedFigures = (): ExpectedFigures =>
  JSON.parse(readFileSync(join(dataFolder, 'expected.json'), 'utf8')) as ExpectedFigures;

export function parametersOf({ reporting, as_of }: Reporting): LakeParameters {
  return {
    asOf: new Date(as_of),
    timeZone: reporting.time_zone,
    currency: reporting.currency,
    activityEvent: 'order_completed',
  };
}

interface Order {
  readonly customer: string;
  readonly month: string;
  readonly pence: number;
}

/** With as many decimals as the expected figure is written with: it is compared as written, without a tolerance. */
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** To the penny, added up in whole pence. */
const pence = (text: unknown): number => Math.round(Number(text) * 100);

async function placedOrders(warehouse: Warehouse, timeZone: string): Promise<readonly Order[]> {
  const dayOf = localDayOf(timeZone);
  const rows = await warehouse.rows(
    "select customer_id, ordered_at, gross_amount from orders where status = 'placed'",
  );
  return rows.map((row) => ({
    customer: String(row.customer_id),
    month: dayOf(new Date(`${String(row.ordered_at).replace(' ', 'T')}Z`)).slice(0, 7),
    pence: pence(row.gross_amount),
  }));
}

const customersOf = (orders: readonly Order[]) => new Set(orders.map(({ customer }) => customer)).size;
const poundsOf = (orders: readonly Order[]) => orders.reduce((sum, order) => sum + order.pence, 0) / 100;

async function monthlyCohorts(warehouse: Warehouse): Promise<Cohorts> {
  const rows = await warehouse.rows(
    `select cohort_start, count_active from cohort_retention
     where grain = 'month' and is_complete order by cohort_start, period_number`,
  );
  const cohorts: Record<string, number[]> = {};
  for (const row of rows) {
    const month = String(row.cohort_start).slice(0, 7);
    cohorts[month] = [...(cohorts[month] ?? []), Number(row.count_active)];
  }
  return cohorts;
}

async function one(warehouse: Warehouse, sql: string): Promise<Readonly<Record<string, unknown>>> {
  const [row] = await warehouse.rows(sql);
  return Object.fromEntries(
    Object.entries(row ?? {}).map(([name, value]) => [
      name,
      value !== null && /^-?\d+(\.\d+)?$/.test(String(value)) ? Number(value) : value,
    ]),
  );
}

/** The ledger's line of one source. */
export async function ledgerOf(lake: TestLake, source: string): Promise<LedgerCounts | undefined> {
  return (await lake.ledger()).find((count) => count.source === source);
}

export async function expectOnlineRetail(lake: TestLake): Promise<void> {
  const expected = expectedFigures()['online-retail'];
  await lake.build(parametersOf(expected), async (warehouse) => {
    const clean = `event = 'order_completed' and quantity > 0
      and cast(json_extract_string(properties, '$.price') as decimal(18,4)) > 0`;
    const figures = await one(
      warehouse,
      `select count(*) filter (where ${clean}) as clean_lines,
         -sum(amount) filter (where event = 'order_cancelled') as cancelled_amount
       from touchpoints`,
    );
    expect(figures).toEqual({
      clean_lines: expected.clean_lines,
      cancelled_amount: expected.cancelled_amount,
    });
    const orders = await placedOrders(warehouse, expected.reporting.time_zone);
    expectOrders(orders);
    expect(await monthlyCohorts(warehouse)).toEqual(expected.cohort_active_customers);
    await expectRetailMarts(warehouse);
  });
}

function expectOrders(orders: readonly Order[]): void {
  const expected = expectedFigures()['online-retail'];
  const counts = new Map<string, number>();
  for (const { customer } of orders) {
    counts.set(customer, (counts.get(customer) ?? 0) + 1);
  }
  const repeaters = [...counts.values()].filter((count) => count > 1).length;
  expect({
    customers: counts.size,
    orders: orders.length,
    gross_amount: poundsOf(orders),
    average_order_value: rounded(poundsOf(orders) / orders.length, 6),
    repeat_customers: repeaters,
    repeat_rate: rounded(repeaters / counts.size, 6),
  }).toEqual({
    customers: expected.customers,
    orders: expected.orders,
    gross_amount: expected.gross_amount,
    average_order_value: expected.average_order_value,
    repeat_customers: expected.repeat_customers,
    repeat_rate: expected.repeat_rate,
  });
  const months = Object.keys(expected.by_month).map((month) => {
    const own = orders.filter((order) => order.month === month);
    return [month, { orders: own.length, customers: customersOf(own), gross_amount: poundsOf(own) }];
  });
  expect(Object.fromEntries(months)).toEqual(expected.by_month);
}

/** What the marts themselves say must be the same as what is counted from their orders. */
async function expectRetailMarts(warehouse: Warehouse): Promise<void> {
  const expected = expectedFigures()['online-retail'];
  expect(
    await one(
      warehouse,
      `select count(*) as customers, count(*) filter (where count_orders > 1) as repeat_customers,
         sum(count_orders) as orders from customers where count_orders > 0`,
    ),
  ).toEqual({
    customers: expected.customers,
    repeat_customers: expected.repeat_customers,
    orders: expected.orders,
  });
  const byMonth = await warehouse.rows(
    `select period_start, count_new + count_returning + count_resurrected as customers
     from activity_lifecycle where grain = 'month' and is_complete order by 1`,
  );
  expect(
    Object.fromEntries(byMonth.map((row) => [String(row.period_start).slice(0, 7), Number(row.customers)])),
  ).toEqual(
    Object.fromEntries(Object.entries(expected.by_month).map(([month, { customers }]) => [month, customers])),
  );
}

export async function expectCdnow(lake: TestLake): Promise<void> {
  const expected = expectedFigures().cdnow;
  await lake.build(parametersOf(expected), async (warehouse) => {
    expect(
      await one(
        warehouse,
        `select count(*) as lines, count(distinct customer_id) as customers,
           count(distinct (customer_id, cast(occurred_at as date))) as customer_days, sum(amount) as amount
         from touchpoints where event = 'order_completed'`,
      ),
    ).toEqual({
      lines: expected.lines,
      customers: expected.customers,
      customer_days: expected.customer_days,
      amount: expected.amount,
    });
    expect(await one(warehouse, 'select count(*) as n, sum(gross_amount) as amount from orders')).toEqual({
      n: expected.lines,
      amount: expected.amount,
    });
    expect(await monthlyCohorts(warehouse)).toEqual(expected.cohort_active_customers);
  });
}

/** The models of buying and spending of a run to 1997-09-30, which every customer of the sample is scored by. */
export async function expectCdnowValues(lake: TestLake): Promise<void> {
  const { published_gamma_gamma: spending, 'published_bgnbd_to_1997-09-30': buying } =
    expectedFigures().cdnow;
  const parameters = { ...parametersOf(expectedFigures().cdnow), asOf: new Date('1997-10-01T00:00:00Z') };
  await lake.build(
    parameters,
    async (warehouse) => {
      const columns = 'r, alpha, a, b, p, q, gamma, log_likelihood, holdout_error';
      const model = (name: string) =>
        one(
          warehouse,
          `select ${columns} from value_model_parameters where model = '${name}' and has_converged`,
        );
      const [bgNbd, gammaGamma] = [await model('bg_nbd'), await model('gamma_gamma')];
      const { r, alpha, a, b, log_likelihood } = buying;
      const found = [bgNbd.r, bgNbd.alpha, bgNbd.a, bgNbd.b].map((value) => rounded(Number(value), 3));
      expect(found).toEqual([r, alpha, a, b]);
      expect(rounded(Number(bgNbd.log_likelihood), 1)).toBe(log_likelihood);
      expect(Math.abs(Number(bgNbd.holdout_error))).toBeLessThan(0.02);
      const mean = [gammaGamma.p, gammaGamma.q, gammaGamma.gamma].map((value) => rounded(Number(value), 2));
      expect(mean).toEqual([spending.p, spending.q, spending.gamma]);
      // Python lifetimes 0.11.3 on customer 0001, of two repeat purchases: MBG/NBD's probability of being alive
      expect(
        await one(
          warehouse,
          `select count(*) as n, count(clv_amount) as valued,
             max(case when customer_id = '0001' then round(alive_probability, 4) end) as alive from customer_values`,
        ),
      ).toEqual({
        n: expectedFigures().cdnow.customers,
        valued: expectedFigures().cdnow.customers,
        alive: 0.7061,
      });
    },
    'customer_values',
  );
}

/** Where the session ids were taken out of the file, the sessions are those of the rule. */
export async function expectClickstream(
  lake: TestLake,
  sessions: 'given_sessions' | 'sessions_by_30_minute_rule',
): Promise<void> {
  const expected = expectedFigures()['ecom-clickstream'];
  await lake.build(parametersOf(expected), async (warehouse) => {
    const figures = await one(
      warehouse,
      `select count(*) as events, count(distinct customer_id) as users, count(distinct session_id) as sessions,
         strftime(min(occurred_at), '%Y-%m-%d %H:%M:%S') as first,
         strftime(max(occurred_at), '%Y-%m-%d %H:%M:%S') as last
       from touchpoints`,
    );
    expect(figures).toEqual({
      events: expected.events,
      users: expected.users,
      sessions: expected[sessions],
      first: expected.first,
      last: expected.last,
    });
    const rows = await warehouse.rows(
      `select json_extract_string(properties, '$.source_event') as event, count(*) as n from touchpoints group by 1`,
    );
    expect(Object.fromEntries(rows.map((row) => [String(row.event), Number(row.n)]))).toEqual(
      expected.by_event,
    );
  });
}
