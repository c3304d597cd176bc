import { describe, expect, it } from 'vitest';
import { anOrder, martsFrom } from './build.ts';
import type { SourceLine } from './types.ts';

const noon = '2024-02-29T12:00:00Z';

function ordersFrom(...lines: readonly Partial<SourceLine>[]) {
  return martsFrom(lines).orders ?? [];
}

function refund(order_id: string | null, amount: string | null, occurred_at = noon): Partial<SourceLine> {
  return { event: 'order_refunded', order_id, amount, currency_code: 'TRY', occurred_at };
}

describe('orders', () => {
  it('adds up lines, takes the earliest for the rest, and counts a null quantity as one', () => {
    const [order] = ordersFrom(
      anOrder('A', '2024-02-29T12:00:01Z', { quantity: '3', country: 'DE' }),
      anOrder('A', noon, { amount: '5.50', country: 'TR', channel: 'mobile', user_id: 'u2' }),
    );

    expect(order).toMatchObject({
      customer_id: 'u2',
      ordered_at: Date.parse(noon),
      channel: 'mobile',
      country: 'TR',
      gross_amount: '15.50',
      count_items: 4,
    });
  });

  it.each([
    ['placed', '10.00', [anOrder('A', noon)]],
    ['placed', '6.00', [anOrder('A', noon), refund('A', '4')]],
    ['refunded', '-2.00', [anOrder('A', noon), refund('A', '12')]],
    ['cancelled', '0.00', [anOrder('A', noon), { event: 'order_cancelled', order_id: 'A' }]],
    ['empty', '0.00', [anOrder('A', noon, { amount: '0' }), anOrder('A', noon, { amount: null })]],
    ['placed', null, [anOrder('A', noon, { amount: null })]],
    ['placed', '-4.00', [anOrder('A', noon, { amount: null }), refund('A', '4')]],
    ['placed', '10.00', [anOrder('A', noon), refund('A', '12', '2024-04-01T00:00:00Z')]],
  ])('%s with net %s', (status, net_amount, lines) => {
    expect(ordersFrom(...lines)).toMatchObject([{ status, net_amount }]);
  });

  it('stands alone without an order id, under its touchpoint id, and numbers only placed orders', () => {
    const orders = ordersFrom(
      anOrder('A', noon, { order_id: null }),
      anOrder('B', noon, { amount: '0' }),
      anOrder('C', noon),
    );

    expect(orders.map((order) => [order.order_id, order.order_number])).toEqual([
      ['t1', 2],
      ['B', null],
      ['C', 1],
    ]);
  });

  it('takes its marketing channel from the first touchpoint of its session', () => {
    const [order] = ordersFrom(
      { occurred_at: '2024-02-29T11:45:00Z', campaign_medium: 'cpc' },
      anOrder('A', noon),
    );

    expect(order).toMatchObject({ marketing_channel: 'cpc' });
  });
});

describe('customers', () => {
  it('reduces the net amount by refunds of unknown orders', () => {
    const { customers } = martsFrom([anOrder('A', noon), refund('?', '4'), refund(null, '0.50')]);

    expect(customers).toMatchObject([{ net_amount: '5.50', count_orders: 1, cohort_month: '2024-02-01' }]);
  });

  it('counts orders by local day and takes the newest known country', () => {
    const { customers } = martsFrom(
      [
        anOrder('A', '2024-02-29T21:00:00Z', { country: 'TR' }),
        { occurred_at: '2024-03-02T00:00:00Z', country: 'DE' },
        { occurred_at: '2024-03-03T00:00:00Z', country: null },
      ],
      { timeZone: 'Europe/Istanbul' },
    );

    expect(customers).toMatchObject([{ cohort_month: '2024-03-01', country: 'DE' }]);
  });

  it('knows nobody whose touchpoints lie at or after the as-of instant', () => {
    expect(martsFrom([{ occurred_at: '2024-04-01T00:00:00Z' }]).customers).toEqual([]);
  });
});

describe('cohort_retention', () => {
  it('has every period up to that of the as-of instant, without figures in the unfinished one', () => {
    const { cohort_retention: cells = [] } = martsFrom(
      [anOrder('A', '2024-01-31T23:59:59.999Z'), anOrder('B', '2024-03-01T00:00:00Z')],
      { asOf: new Date('2024-04-01T00:00:00.001Z') },
    );

    expect(cells.filter((cell) => cell.grain === 'month')).toMatchObject([
      { period_number: 0, count_active: 1, net_amount: '10.00', cumulative_net_amount: '10.00' },
      { period_number: 1, count_active: 0, net_amount: '0.00', cumulative_net_amount: '10.00' },
      {
        period_number: 2,
        count_active: 1,
        net_amount: '10.00',
        cumulative_net_amount: '20.00',
        is_complete: true,
      },
      {
        period_number: 3,
        count_cohort: 1,
        count_active: null,
        cumulative_net_amount: null,
        is_complete: false,
      },
    ]);
  });

  it('takes the last period as over when the as-of instant is its end', () => {
    const { cohort_retention: cells = [] } = martsFrom([anOrder('A', '2024-03-31T12:00:00Z')]);

    expect(cells.map((cell) => [cell.grain, cell.period_number, cell.is_complete])).toEqual([
      ['week', 0, true],
      ['month', 0, true],
      ['quarter', 0, true],
    ]);
  });

  it('counts the configured activity, but orders for cohorts', () => {
    const { cohort_retention: cells = [] } = martsFrom(
      [anOrder('A', '2024-01-10T12:00:00Z'), { occurred_at: '2024-02-10T12:00:00Z' }],
      { activityEvent: 'page_viewed', asOf: new Date('2024-03-01T00:00:00Z') },
    );

    expect(cells.filter((cell) => cell.grain === 'month')).toMatchObject([
      { cohort_start: '2024-01-01', count_active: 0, count_orders: 1 },
      { cohort_start: '2024-01-01', count_active: 1, count_orders: 0 },
    ]);
  });
});

describe('activity_lifecycle', () => {
  it('calls customers new, returning, dormant and resurrected', () => {
    const months = ['2024-01-10', '2024-02-10', '2024-04-10'];
    const { activity_lifecycle: periods = [] } = martsFrom(
      months.map((day, index) => anOrder(`A${index}`, `${day}T12:00:00Z`)),
      { asOf: new Date('2024-04-20T00:00:00Z') },
    );

    const counts = periods
      .filter((period) => period.grain === 'month')
      .map((period) => [
        period.count_new,
        period.count_returning,
        period.count_resurrected,
        period.count_dormant,
      ]);
    expect(counts).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 1],
      [0, 0, 1, 0],
    ]);
  });
});

describe('rfm_segments', () => {
  it('scores by rank with the best last and ties by customer id', () => {
    const { rfm_segments: scored = [] } = martsFrom([
      anOrder('A', '2024-03-30T12:00:00Z', { user_id: 'b' }),
      anOrder('B', '2024-03-31T12:00:00Z', { user_id: 'a' }),
      { user_id: 'c' },
    ]);

    expect(scored.map((row) => [row.customer_id, row.days_since_last_purchase, row.segment])).toEqual([
      ['b', 1, '133'],
      ['a', 0, '311'],
    ]);
  });
});
