import { describe, expect, it } from 'vitest';
import { aLifecycle, aStage, at, events, firedAt, run, told } from './build.ts';
import { evaluateLifecycle } from './evaluate.ts';
import type { Lifecycle, Touchpoint } from './types.ts';

const memberships = (lifecycle: Lifecycle, touchpoints: readonly Touchpoint[], asOf = run.asOf) =>
  told(evaluateLifecycle(lifecycle, touchpoints, { ...run, asOf }));

describe('a rule fires', () => {
  it('at every own matching touchpoint from the at_least-th on', () => {
    const three = events(
      ['2024-01-01 10:00', 'x'],
      ['2024-01-02 10:00', 'x'],
      ['2024-01-03 10:00', 'x'],
      ['2024-01-03 11:00', 'y'],
    );

    expect(firedAt({ event: 'x' }, three)).toEqual(['t1', 't2', 't3']);
    expect(firedAt({ event: 'x', at_least: 2 }, three)).toEqual(['t2', 't3']);
  });

  it('counts touchpoints of the customer alone, and of this rule alone', () => {
    const three = events(
      ['2024-01-01 10:00', 'x', { customer_id: 'd' }],
      ['2024-01-02 10:00', 'y'],
      ['2024-01-03 10:00', 'x'],
    );

    expect(firedAt({ event: 'x', at_least: 2 }, three)).toEqual([]);
    expect(firedAt({ event: ['x', 'y'], at_least: 2 }, three)).toEqual(['t3']);
  });

  it('at all touchpoints of one instant, which count for each other', () => {
    const three = events(['2024-01-01 10:00', 'x'], ['2024-01-01 10:00', 'x'], ['2024-01-01 10:00', 'x']);

    expect(firedAt({ event: 'x', at_least: 3 }, three)).toEqual(['t1', 't2', 't3']);
  });

  it('looks back over (t − within_days × 24 h, t]: what is exactly that old counts no more', () => {
    const exactly = events(['2024-01-01 10:00', 'x'], ['2024-01-03 10:00', 'x']);
    const justWithin = events(['2024-01-01 10:00:00.001', 'x'], ['2024-01-03 10:00', 'x']);

    expect(firedAt({ event: 'x', at_least: 2, within_days: 2 }, exactly)).toEqual([]);
    expect(firedAt({ event: 'x', at_least: 2, within_days: 2 }, justWithin)).toEqual(['t2']);
    expect(firedAt({ event: 'x', at_least: 2 }, exactly)).toEqual(['t2']);
  });

  it('looks back in hours of 24, whatever a clock change does', () => {
    // the night in which London's clocks go forward has 23 hours
    const overNight = events(['2024-03-30 12:00', 'x'], ['2024-03-31 11:30', 'x'], ['2024-03-31 12:00', 'x']);

    expect(
      firedAt({ event: 'x', at_least: 3, within_days: 1 }, overNight, { timeZone: 'Europe/London' }),
    ).toEqual([]);
    expect(
      firedAt({ event: 'x', at_least: 2, within_days: 1 }, overNight, { timeZone: 'Europe/London' }),
    ).toEqual(['t2', 't3']);
  });

  it('counts distinct local days with count: days', () => {
    // 21:30 UTC is half past midnight in Istanbul
    const three = events(['2024-01-01 10:00', 'x'], ['2024-01-01 20:30', 'x'], ['2024-01-01 21:30', 'x']);

    expect(firedAt({ event: 'x', at_least: 2, count: 'days' }, three)).toEqual([]);
    expect(
      firedAt({ event: 'x', at_least: 2, count: 'days' }, three, { timeZone: 'Europe/Istanbul' }),
    ).toEqual(['t3']);
  });

  it('counts a day of which only a part lies in the window', () => {
    const three = events(
      ['2024-01-01 23:00', 'x'],
      ['2024-01-02 01:00', 'x'],
      ['2024-01-02 22:59', 'x'],
      ['2024-01-02 23:00', 'x'],
    );

    expect(firedAt({ event: 'x', at_least: 2, count: 'days', within_days: 1 }, three)).toEqual(['t2', 't3']);
  });
});

describe('after', () => {
  it('lets a rule fire only at or after a touchpoint that matches it', () => {
    const three = events(
      ['2024-01-01 10:00', 'x'],
      ['2024-01-02 10:00', 'y'],
      ['2024-01-02 10:00', 'x'],
      ['2024-01-03 10:00', 'x'],
    );

    expect(firedAt({ event: 'x', after: { event: 'y' } }, three)).toEqual(['t3', 't4']);
  });

  it('may be the touchpoint itself, and asks channel and where', () => {
    const two = events(
      ['2024-01-01 10:00', 'x', { channel: 'store' }],
      ['2024-01-02 10:00', 'x', { properties: '{"p":1}' }],
    );

    expect(firedAt({ event: 'x', after: { event: 'x' } }, two)).toEqual(['t1', 't2']);
    expect(firedAt({ event: 'x', after: { event: 'x', channel: 'web' } }, two)).toEqual(['t2']);
    expect(firedAt({ event: 'x', after: { event: 'x', where: { property: 'p', eq: 1 } } }, two)).toEqual([
      't2',
    ]);
  });

  it('takes nothing out of the count, and knows no window', () => {
    const three = events(
      ['2023-01-01 10:00', 'y'],
      ['2024-01-01 10:00', 'x'],
      ['2024-01-02 10:00', 'y'],
      ['2024-01-03 10:00', 'x'],
    );

    expect(firedAt({ event: 'x', at_least: 2, after: { event: 'y' } }, three)).toEqual(['t4']);
    expect(firedAt({ event: 'x', within_days: 1, after: { event: 'y' } }, three)).toEqual(['t2', 't4']);
  });

  it('does not see a cancelled order', () => {
    const cancelled = events(
      ['2024-01-01 10:00', 'order_completed', { order_id: 'o' }],
      ['2024-01-02 10:00', 'order_cancelled', { order_id: 'o' }],
      ['2024-01-03 10:00', 'x'],
    );

    expect(firedAt({ event: 'x', after: { event: 'order_completed' } }, cancelled)).toEqual([]);
  });
});

describe('a hold', () => {
  const held = (hold_days: number | null) => aLifecycle([aStage('a', { event: 'x' }, { hold_days })]);
  const one = events(['2024-03-30 12:00', 'x']);

  it('lasts hold_days of 24 h, and for ever without them', () => {
    expect(memberships(held(2), one)).toEqual([
      ['a', '2024-03-30 12:00', '2024-04-01 12:00'],
      ['lapsed', '2024-04-01 12:00', null],
    ]);
    expect(memberships(held(null), one)).toEqual([['a', '2024-03-30 12:00', null]]);
  });

  it('that ends at or after the as-of instant has not ended', () => {
    expect(memberships(held(2), one, at('2024-04-01 12:00'))).toEqual([['a', '2024-03-30 12:00', null]]);
    expect(memberships(held(2), one, at('2024-04-01 12:00') + 1)).toEqual([
      ['a', '2024-03-30 12:00', '2024-04-01 12:00'],
      ['lapsed', '2024-04-01 12:00', null],
    ]);
  });

  it('begins at no instant at or after the as-of instant', () => {
    expect(memberships(held(2), one, at('2024-03-30 12:00'))).toEqual([]);
  });
});

describe('leave', () => {
  const left = (hold_days: number | null = null) =>
    aLifecycle([
      aStage(
        'a',
        { event: 'x' },
        { hold_days, leave: [{ event: 'bye', channel: 'web' }, { event: 'gone' }] },
      ),
    ]);

  it('ends every hold whose signal is before it', () => {
    const touchpoints = events(
      ['2024-01-01 10:00', 'x'],
      ['2024-01-02 10:00', 'x'],
      ['2024-01-03 10:00', 'gone'],
    );

    expect(memberships(left(), touchpoints)).toEqual([
      ['a', '2024-01-01 10:00', '2024-01-03 10:00'],
      ['lapsed', '2024-01-03 10:00', null],
    ]);
  });

  it('does not end a signal of its own instant, which goes on without a lapse', () => {
    const touchpoints = events(
      ['2024-01-01 10:00', 'x'],
      ['2024-01-03 10:00', 'gone'],
      ['2024-01-03 10:00', 'x'],
    );

    expect(memberships(left(), touchpoints)).toEqual([['a', '2024-01-01 10:00', null]]);
  });

  it('is asked for again by each later signal', () => {
    const touchpoints = events(
      ['2024-01-01 10:00', 'x'],
      ['2024-01-02 10:00', 'gone'],
      ['2024-01-03 10:00', 'x'],
    );

    expect(memberships(left(10), touchpoints)).toEqual([
      ['a', '2024-01-01 10:00', '2024-01-02 10:00'],
      ['lapsed', '2024-01-02 10:00', '2024-01-03 10:00'],
      ['a', '2024-01-03 10:00', '2024-01-13 10:00'],
      ['lapsed', '2024-01-13 10:00', null],
    ]);
  });

  it('needs its channel, and is no entry', () => {
    const touchpoints = events(
      ['2024-01-01 10:00', 'bye'],
      ['2024-01-02 10:00', 'x'],
      ['2024-01-03 10:00', 'bye', { channel: 'store' }],
    );

    expect(memberships(left(), touchpoints)).toEqual([['a', '2024-01-02 10:00', null]]);
  });

  it('ends holds of its own stage only', () => {
    const two = aLifecycle([
      aStage('a', { event: 'x' }),
      aStage('b', { event: 'x' }, { leave: [{ event: 'gone' }] }),
    ]);
    const touchpoints = events(['2024-01-01 10:00', 'x'], ['2024-01-03 10:00', 'gone']);

    expect(memberships(two, touchpoints)).toEqual([
      ['b', '2024-01-01 10:00', '2024-01-03 10:00'],
      ['a', '2024-01-03 10:00', null],
    ]);
  });
});
