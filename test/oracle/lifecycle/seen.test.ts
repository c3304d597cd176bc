import { describe, expect, it } from 'vitest';
import { aTouchpoint, at, events, firedAt, type Happened, isMatched, run } from './build.ts';
import { ordersOf, touchpointsBefore, touchpointsSeen } from './seen.ts';
import type { Touchpoint } from './types.ts';

const order = (when: string, overrides: Partial<Touchpoint> = {}) =>
  [when, 'order_completed', { order_id: 'o', reporting_amount: 1000n, ...overrides }] as const;

function seen(touchpoints: readonly Touchpoint[], asOf = run.asOf) {
  return touchpointsSeen(touchpoints, asOf);
}

const ids = (touchpoints: readonly Touchpoint[]) => touchpoints.map((touchpoint) => touchpoint.touchpoint_id);

describe('the as-of cut', () => {
  it('hides what occurred at or after the instant', () => {
    const three = events(['2024-01-01 10:00', 'x'], ['2024-01-01 11:00', 'x'], ['2024-01-01 12:00', 'x']);

    expect(ids(seen(three, at('2024-01-01 11:00')))).toEqual(['t1']);
    expect(ids(seen(three, at('2024-01-01 11:00') + 1))).toEqual(['t1', 't2']);
  });

  it('comes before collapsing: a line after it adds nothing to the order', () => {
    const lines = events(order('2024-01-01 10:00'), order('2024-01-02 10:00'));

    expect(seen(lines, at('2024-01-02 10:00'))).toMatchObject([
      { touchpoint_id: 't1', reporting_amount: 1000n },
    ]);
  });

  it('hides a cancellation or refund after it', () => {
    const touchpoints = events(order('2024-01-01 10:00'), [
      '2024-01-03 10:00',
      'order_cancelled',
      { order_id: 'o' },
    ]);

    expect(ids(seen(touchpoints, at('2024-01-03 10:00')))).toEqual(['t1']);
    expect(ids(seen(touchpoints, at('2024-01-03 10:01')))).toEqual(['t2']);
  });

  it('takes a repeated touchpoint once', () => {
    const once = events(['2024-01-01 10:00', 'x']);

    expect(seen([...once, ...once])).toEqual(once);
  });
});

describe('orders counted once', () => {
  it('are their earliest line, with the sum of the amounts that are known', () => {
    const lines = events(
      order('2024-01-02 10:00', { channel: 'store', reporting_amount: 1n, category: 'late' }),
      order('2024-01-01 10:00', {
        channel: 'web',
        reporting_amount: null,
        category: 'early',
        properties: '{"n":1}',
      }),
      order('2024-01-03 10:00', { reporting_amount: 2n }),
    );

    expect(seen(lines)).toEqual([{ ...lines[1], reporting_amount: 3n }]);
  });

  it('take of lines at one instant the first id in byte order, not in UTF-16 order', () => {
    const lines = ['\u{1F600}', '\uFF5E'].map((touchpoint_id) =>
      aTouchpoint({ touchpoint_id, event: 'order_completed', order_id: 'o' }),
    );

    expect(ids(seen(lines))).toEqual(['\uFF5E']);
  });

  it('stay apart by customer and by event', () => {
    const touchpoints = events(
      order('2024-01-01 10:00'),
      order('2024-01-01 11:00', { customer_id: 'd' }),
      ['2024-01-01 12:00', 'payment_succeeded', { order_id: 'o', reporting_amount: 500n }],
      ['2024-01-01 13:00', 'payment_succeeded', { order_id: 'o', reporting_amount: 500n }],
    );

    expect(seen(touchpoints).map((row) => [row.touchpoint_id, row.reporting_amount])).toEqual([
      ['t1', 1000n],
      ['t2', 1000n],
      ['t3', 1000n],
    ]);
  });

  it('collapse every event, also under *', () => {
    const payments = events(
      ['2024-01-01 10:00', 'payment_failed', { order_id: 'o' }],
      ['2024-01-01 11:00', 'payment_failed', { order_id: 'o' }],
      ['2024-01-01 12:00', 'payment_failed'],
      ['2024-01-01 13:00', 'payment_failed', { order_id: '' }],
      ['2024-01-01 14:00', 'payment_failed', { order_id: '' }],
    );

    expect(firedAt({ event: '*' }, payments)).toEqual(['t1', 't3', 't4', 't5']);
    expect(firedAt({ event: '*', at_least: 2 }, payments)).toEqual(['t3', 't4', 't5']);
  });

  it('are matched by the whole amount', () => {
    const lines = events(order('2024-01-01 10:00'), order('2024-01-01 11:00'));

    expect(firedAt({ event: '*', where: { property: 'amount', eq: 20 } }, lines)).toEqual(['t1']);
    expect(firedAt({ event: '*', where: { property: 'amount', eq: 10 } }, lines)).toEqual([]);
  });
});

describe('orders that are not seen', () => {
  const statusOf = (...touchpoints: readonly Happened[]) =>
    ordersOf(touchpointsBefore(events(...touchpoints), run.asOf)).map(({ status }) => status);

  it('are those cancelled, by whomever and whenever before the as-of instant', () => {
    expect(
      statusOf(order('2024-01-02 10:00'), [
        '2024-01-01 10:00',
        'order_cancelled',
        { order_id: 'o', customer_id: 'd' },
      ]),
    ).toEqual(['cancelled']);
    expect(
      statusOf(order('2024-01-02 10:00'), ['2024-01-01 10:00', 'order_cancelled', { order_id: 'p' }]),
    ).toEqual(['placed']);
  });

  it('are those refunded in full, in one or several parts', () => {
    const refund = (amount: bigint | null) =>
      ['2024-01-03 10:00', 'order_refunded', { order_id: 'o', reporting_amount: amount }] as const;
    expect(statusOf(order('2024-01-02 10:00'), refund(999n))).toEqual(['placed']);
    expect(statusOf(order('2024-01-02 10:00'), refund(999n), refund(1n))).toEqual(['refunded']);
    expect(statusOf(order('2024-01-02 10:00'), refund(null))).toEqual(['placed']);
    expect(statusOf(order('2024-01-02 10:00', { reporting_amount: null }), refund(5n))).toEqual(['placed']);
    expect(statusOf(order('2024-01-02 10:00', { reporting_amount: -5n }), refund(5n))).toEqual(['placed']);
  });

  it('are those whose known amounts add up to 0; one without any amount is an order', () => {
    expect(statusOf(order('2024-01-02 10:00', { reporting_amount: 0n }))).toEqual(['empty']);
    expect(
      statusOf(
        order('2024-01-02 10:00', { reporting_amount: 0n }),
        order('2024-01-02 10:00', { reporting_amount: null }),
      ),
    ).toEqual(['empty']);
    expect(
      statusOf(order('2024-01-02 10:00'), order('2024-01-02 11:00', { reporting_amount: -1000n })),
    ).toEqual(['empty']);
    expect(statusOf(order('2024-01-02 10:00', { reporting_amount: null }))).toEqual(['placed']);
  });

  it('are judged whole, over all customers that have a line', () => {
    const lines = events(
      order('2024-01-01 10:00', { reporting_amount: 0n }),
      order('2024-01-01 10:00', { customer_id: 'd' }),
    );

    expect(ids(seen(lines))).toEqual(['t1', 't2']);
    expect(
      ids(
        seen([
          ...lines,
          ...events([
            '2024-01-01 10:00',
            'order_completed',
            { touchpoint_id: 't3', customer_id: 'e', order_id: 'o', reporting_amount: -1000n },
          ]),
        ]),
      ),
    ).toEqual([]);
  });

  it('hide nothing but order_completed', () => {
    const touchpoints = events(
      order('2024-01-01 10:00'),
      ['2024-01-01 11:00', 'payment_succeeded', { order_id: 'o' }],
      ['2024-01-02 10:00', 'order_cancelled', { order_id: 'o' }],
    );

    expect(ids(seen(touchpoints))).toEqual(['t2', 't3']);
  });

  it('include one without an order_id that is worth nothing', () => {
    expect(isMatched({}, { event: 'order_completed', reporting_amount: 0n })).toBe(false);
    expect(isMatched({}, { event: 'order_completed', reporting_amount: null })).toBe(true);
    expect(isMatched({}, { event: 'order_completed', order_id: '', reporting_amount: 1n })).toBe(true);
  });
});
