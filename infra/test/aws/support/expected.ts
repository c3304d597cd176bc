// What tables have to hold of orders that were sent, counted here and nowhere else.
import type { SentOrder } from './sent.ts';

type Cell = string | number;
export type Rows = readonly (readonly Cell[])[];

/** Each table's text in SQL, in the columns that are counted here. */
export const countedSql = {
  orders: `select order_id, status, order_number, currency_code, cast(gross_amount * 100 as bigint) as gross,
      cast(net_amount * 100 as bigint) as net, epoch_ms(ordered_at) as ordered
    from orders order by order_id`,
  customers: `select count_orders, cast(net_amount * 100 as bigint) as net, cast(cohort_month as varchar) as cohort,
      epoch_ms(first_order_at) as first, epoch_ms(last_order_at) as last
    from customers order by first, last`,
  cohorts: `select cast(cohort_start as varchar) as cohort, count_cohort
    from cohort_retention where grain = 'month' and period_number = 0 order by cohort`,
  // what is not money has no smaller unit
  days: `select kpi_id, cast(period_start as varchar) as day, cast(round(value * 100) as bigint) as hundredths
    from kpi_values
    where kpi_id in ('orders', 'net_revenue') and grain = 'day' and segment_type = 'all' and value > 0
    order by kpi_id, day`,
} as const;
export const timesSql = 'select touchpoint_id, epoch_ms(occurred_at) as occurred from touchpoints';
export type CountedTable = keyof typeof countedSql;

const ISTANBUL_MILLISECONDS = 3 * 3_600_000;

const dayOf = (instant: Date): string =>
  new Date(instant.getTime() + ISTANBUL_MILLISECONDS).toISOString().slice(0, 10);
const monthOf = (instant: Date): string => `${dayOf(instant).slice(0, 7)}-01`;

const byTime = (a: SentOrder, b: SentOrder): number => a.at.getTime() - b.at.getTime();
const total = (orders: readonly SentOrder[]): number => orders.reduce((sum, { kurus }) => sum + kurus, 0);

interface Customer {
  readonly orders: readonly SentOrder[];
  readonly first: Date;
  readonly last: Date;
}

function customersOf(orders: readonly SentOrder[]): readonly Customer[] {
  return [...Map.groupBy(orders, ({ userId }) => userId).values()].map((own) => {
    const sorted = own.toSorted(byTime);
    const instants = sorted.map(({ at }) => at);
    const [first = new Date(0)] = instants;
    return { orders: sorted, first, last: instants.at(-1) ?? first };
  });
}

const cohortsOf = (customers: readonly Customer[]): Rows =>
  [...Map.groupBy(customers, ({ first }) => monthOf(first))].map(([month, { length }]) => [month, length]);

/** Figures of each local day. */
function daysOf(customers: readonly Customer[]): Rows {
  const orders = customers.flatMap(({ orders: own }) => own);
  const ofDay = [...Map.groupBy(orders, ({ at }) => dayOf(at))];
  return ofDay.flatMap(([day, own]) => [
    ['orders', day, own.length * 100],
    ['net_revenue', day, total(own)],
  ]);
}

const sorted = (rows: Rows, ...columns: readonly number[]): Rows => {
  const name = (row: readonly Cell[]): string => columns.map((column) => row[column]).join(' ');
  return rows.toSorted((a, b) => (name(a) < name(b) ? -1 : 1));
};

/** All rows of these tables. */
export function expectedTables(sent: readonly SentOrder[]): Readonly<Record<CountedTable, Rows>> {
  const customers = customersOf(sent);
  const orders = customers.flatMap(({ orders: own }) =>
    own.map(({ orderId, kurus, at }, index) => [
      orderId,
      'placed',
      index + 1,
      'TRY',
      kurus,
      kurus,
      at.getTime(),
    ]),
  );
  return {
    orders: sorted(orders, 0),
    customers: sorted(
      customers.map(({ orders: own, first, last }) => [
        own.length,
        total(own),
        monthOf(first),
        first.getTime(),
        last.getTime(),
      ]),
      3,
      4,
    ),
    cohorts: sorted(cohortsOf(customers), 0),
    days: sorted(daysOf(customers), 0, 1),
  };
}

/** Longer than a request is under way, on a machine that has other work too. */
const MOST_LAG_MILLISECONDS = 60_000;

/**
 * Orders at the times that the collector has to make of them: a sender's clock is set right by what lies between its `sentAt` and the
 * receipt. Throws where that is no such lag, or where one is missing.
 */
export function corrected(
  orders: readonly SentOrder[],
  times: ReadonlyMap<string, number>,
): readonly SentOrder[] {
  return orders.map((order) => {
    const found = times.get(order.messageId);
    const lag = (found ?? Number.NaN) - order.at.getTime();
    if (!(lag >= 0 && lag < MOST_LAG_MILLISECONDS)) {
      throw new Error(`${order.messageId} is found at ${found}, ${lag} ms from when it was`);
    }
    return { ...order, at: new Date(order.at.getTime() + lag) };
  });
}
