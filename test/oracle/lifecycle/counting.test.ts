import { describe, expect, it } from 'vitest';
import { aLifecycle, at, events, type Happened, plainStages } from './build.ts';
import { evaluateLifecycle } from './evaluate.ts';
import { exactMedian, type Observation, survivalAt, survivalMedian } from './survival.ts';
import type { Lifecycle, LifecycleRows, Run } from './types.ts';

const istanbul = 'Europe/Istanbul';

/** Touchpoints of customers: `c:a` is event a of customer c. */
function rowsOf(
  lifecycle: Lifecycle,
  run: Run,
  ...happened: readonly (readonly [when: string, what: string])[]
): LifecycleRows {
  const told = happened.map(([when, what]): Happened => {
    const [customer_id = '', event = ''] = what.split(':');
    return [when, event, { customer_id }];
  });
  return evaluateLifecycle(lifecycle, events(...told), run);
}

const occupied = (rows: LifecycleRows) =>
  rows.stage_occupancy
    .filter(({ count_customers }) => count_customers > 0)
    .map((row) => `${row.occupancy_date} ${row.stage_id} ${row.count_customers}`);

const flowing = (rows: LifecycleRows, grain: string) =>
  rows.stage_flows
    .filter((row) => row.grain === grain)
    .map(
      (row) =>
        `${row.period_start} ${row.from_stage_id} ${row.to_stage_id} ${row.count_customers}${row.is_complete ? '' : ' so far'}`,
    );

describe('occupancy', () => {
  const twoStages = aLifecycle(plainStages({ a: 1, b: null }));

  it('has one row per stage and lapsed, zeros included, from the first entry to the as-of day', () => {
    const rows = rowsOf(
      twoStages,
      { asOf: at('2024-01-03 10:00'), timeZone: 'UTC' },
      ['2024-01-01 10:00', 'c:x'],
      ['2024-01-02 10:00', 'c:a'],
      ['2024-01-03 09:59', 'd:b'],
    );

    expect(
      rows.stage_occupancy.map((row) => [row.occupancy_date, row.stage_id, row.count_customers]),
    ).toEqual([
      ['2024-01-02', 'lapsed', 0],
      ['2024-01-02', 'a', 1],
      ['2024-01-02', 'b', 0],
      ['2024-01-03', 'lapsed', 0],
      ['2024-01-03', 'a', 1],
      ['2024-01-03', 'b', 1],
    ]);
  });

  it('counts a customer on the stage at the end of the local day', () => {
    // in Istanbul the days end at 21:00 UTC
    const rows = rowsOf(
      twoStages,
      { asOf: at('2024-01-03 21:00'), timeZone: istanbul },
      ['2024-01-01 21:00', 'c:a'],
      ['2024-01-01 21:00', 'd:a'],
      ['2024-01-02 20:59', 'd:b'],
    );

    expect(occupied(rows)).toEqual([
      '2024-01-02 a 1',
      '2024-01-02 b 1',
      '2024-01-03 lapsed 1',
      '2024-01-03 b 1',
    ]);
  });

  it('still counts a membership that ends at the very midnight after the day, and not yet one that begins there', () => {
    const rows = rowsOf(
      twoStages,
      { asOf: at('2024-01-04 00:00'), timeZone: 'UTC' },
      ['2024-01-01 00:00', 'c:a'],
      ['2024-01-02 00:00', 'c:b'],
    );

    expect(occupied(rows)).toEqual(['2024-01-01 a 1', '2024-01-02 b 1', '2024-01-03 b 1']);
  });

  it('ends with the day of the last millisecond before the as-of instant', () => {
    const until = (asOf: number) =>
      rowsOf(twoStages, { asOf, timeZone: istanbul }, ['2024-01-01 12:00', 'c:b']).stage_occupancy.at(-1)
        ?.occupancy_date;

    expect(until(at('2024-01-01 21:00'))).toBe('2024-01-01');
    expect(until(at('2024-01-01 21:00') + 1)).toBe('2024-01-02');
  });

  it('cuts the as-of day at the as-of instant', () => {
    const rows = rowsOf(twoStages, { asOf: at('2024-01-02 10:00'), timeZone: 'UTC' }, [
      '2024-01-01 10:00',
      'c:a',
    ]);

    expect(occupied(rows)).toEqual(['2024-01-01 a 1', '2024-01-02 a 1']);
  });
});

describe('flows', () => {
  const twoStages = aLifecycle(plainStages({ a: 3, b: null }));
  const rows = rowsOf(
    twoStages,
    { asOf: at('2024-02-01 12:00'), timeZone: 'UTC' },
    ['2024-01-29 10:00', 'c:a'],
    ['2024-01-30 10:00', 'd:a'],
    ['2024-01-31 00:00', 'd:b'],
  );

  it('go from the stage before the period, or outside, to the stage at its end; stayers are rows', () => {
    expect(flowing(rows, 'day')).toEqual([
      '2024-01-29 outside a 1',
      '2024-01-30 a a 1',
      '2024-01-30 outside a 1',
      '2024-01-31 a a 1',
      '2024-01-31 a b 1',
      '2024-02-01 a lapsed 1 so far',
      '2024-02-01 b b 1 so far',
    ]);
  });

  it('of weeks begin on Monday, of months on the first', () => {
    expect(flowing(rows, 'week')).toEqual([
      '2024-01-29 outside lapsed 1 so far',
      '2024-01-29 outside b 1 so far',
    ]);
    expect(flowing(rows, 'month')).toEqual([
      '2024-01-01 outside a 1',
      '2024-01-01 outside b 1',
      '2024-02-01 a lapsed 1 so far',
      '2024-02-01 b b 1 so far',
    ]);
  });

  it('are complete when the period ends at the as-of instant', () => {
    const complete = (asOf: number) =>
      rowsOf(twoStages, { asOf, timeZone: istanbul }, ['2024-01-31 10:00', 'c:b'])
        .stage_flows.filter(({ grain }) => grain === 'month')
        .map(({ is_complete }) => is_complete);

    expect(complete(at('2024-01-31 21:00') - 1)).toEqual([false]);
    expect(complete(at('2024-01-31 21:00'))).toEqual([true]);
    expect(complete(at('2024-01-31 21:00') + 1)).toEqual([true, false]);
  });

  it('do not tell of moves within a period', () => {
    const within = rowsOf(
      twoStages,
      { asOf: at('2024-01-02 00:00'), timeZone: 'UTC' },
      ['2024-01-01 10:00', 'c:a'],
      ['2024-01-01 11:00', 'c:b'],
    );

    expect(flowing(within, 'day')).toEqual(['2024-01-01 outside b 1']);
  });
});

const targetStages = plainStages({ a: 100, b: 100, c: null }).map((stage) =>
  stage.id === 'a'
    ? { ...stage, target: { advance_rate: 0.75, within_days: 10 }, benchmark: { advance_rate: 0.5 } }
    : stage,
);
const withTarget = aLifecycle(targetStages);
const until = (text: string): Run => ({ asOf: at(text), timeZone: 'UTC' });
const rowOf = (rows: LifecycleRows, stage: string, month = '2024-01-01') =>
  rows.stage_dropoffs.find((row) => row.stage_id === stage && row.entry_month === month);

describe('drop-off counts', () => {
  it('counts mature memberships that advanced to any higher rank within the window', () => {
    const rows = rowsOf(
      withTarget,
      until('2024-01-31 10:00'),
      ['2024-01-01 10:00', 'c:a'],
      ['2024-01-11 10:00', 'c:c'],
      ['2024-01-01 10:00', 'd:a'],
      ['2024-01-11 10:01', 'd:b'],
    );

    expect(rowOf(rows, 'a')).toEqual({
      lifecycle_id: 'l',
      stage_id: 'a',
      entry_month: '2024-01-01',
      count_entered: 2,
      count_advanced: 1,
      count_immature: 0,
      advance_rate: 0.5,
      km_advance_rate: 0.5,
      median_days_to_advance: 10,
      // S is 0.5 at 10 days, and falls below at 10 days and a minute
      median_days_in_stage: (10 + 10 + 1 / 1440) / 2,
      target_rate: 0.75,
      benchmark_rate: 0.5,
      count_shortfall: 0.5,
    });
  });

  it('calls a membership mature when its window ends at or before the as-of instant', () => {
    const immature = (asOf: string) =>
      rowOf(rowsOf(withTarget, until(asOf), ['2024-01-01 10:00', 'c:a']), 'a')?.count_immature;

    expect(immature('2024-01-11 10:00')).toBe(0);
    expect(immature('2024-01-11 09:59')).toBe(1);
  });

  it('counts an immature one as immature though it advanced, and gives no rate without a mature one', () => {
    const rows = rowsOf(
      withTarget,
      until('2024-01-05 10:00'),
      ['2024-01-01 10:00', 'c:a'],
      ['2024-01-03 10:00', 'c:b'],
    );

    expect(rowOf(rows, 'a')).toMatchObject({
      count_entered: 1,
      count_advanced: 0,
      count_immature: 1,
      advance_rate: null,
      km_advance_rate: 1,
      median_days_to_advance: null,
      count_shortfall: null,
    });
  });
});

describe('drop-off rows', () => {
  it('advances whatever lies between, a lapse or a lower stage', () => {
    const short = aLifecycle(plainStages({ a: 1, b: 1, c: 1 }));
    const rows = rowsOf(
      short,
      until('2024-03-31 10:00'),
      ['2024-01-01 10:00', 'c:b'],
      ['2024-01-03 10:00', 'c:a'],
      ['2024-01-20 10:00', 'c:c'],
    );

    expect(rowOf(rows, 'b')).toMatchObject({
      count_entered: 1,
      count_advanced: 1,
      median_days_to_advance: 19,
      median_days_in_stage: 1,
    });
    expect(rowOf(rows, 'a')).toMatchObject({
      count_entered: 1,
      count_advanced: 1,
      median_days_to_advance: 17,
    });
  });

  it('counts every membership, by the local month of its entry; the window is 30 days by default', () => {
    const short = aLifecycle(plainStages({ a: 1, b: 1 }));
    const rows = rowsOf(
      short,
      { asOf: at('2024-12-31 00:00'), timeZone: istanbul },
      ['2024-01-01 10:00', 'c:a'],
      ['2024-01-05 10:00', 'c:a'],
      ['2024-01-31 10:00', 'c:b'],
      ['2024-01-31 21:00', 'd:a'],
    );

    expect(rowOf(rows, 'a')).toMatchObject({
      count_entered: 2,
      count_advanced: 2,
      median_days_to_advance: 28,
    });
    expect(rowOf(rows, 'a', '2024-02-01')).toMatchObject({
      count_entered: 1,
      count_advanced: 0,
      advance_rate: 0,
    });
  });

  it('gives the top rank no rates, and lapsed no row', () => {
    const top = [
      ...plainStages({ a: 1 }),
      { id: 'b', enter: [{ event: 'b' }], hold_days: 1, target: { advance_rate: 0.5 } },
    ];
    const rows = rowsOf(aLifecycle(top), until('2024-12-31 00:00'), ['2024-01-01 10:00', 'c:b']);

    expect(rows.stage_dropoffs).toMatchObject([
      {
        stage_id: 'b',
        count_entered: 1,
        count_advanced: 0,
        count_immature: 0,
        advance_rate: null,
        km_advance_rate: null,
        median_days_to_advance: null,
        median_days_in_stage: 1,
        count_shortfall: null,
      },
    ]);
  });
});

describe('drop-off figures', () => {
  it('has no shortfall above the target, nor without one', () => {
    const rows = rowsOf(
      withTarget,
      until('2024-12-31 00:00'),
      ['2024-01-01 10:00', 'c:a'],
      ['2024-01-02 10:00', 'c:b'],
    );

    expect(rowOf(rows, 'a')).toMatchObject({ advance_rate: 1, count_shortfall: 0 });
    expect(rowOf(rows, 'b')).toMatchObject({
      advance_rate: 0,
      target_rate: null,
      benchmark_rate: null,
      count_shortfall: null,
    });
  });

  it('estimates the rate over the immature too', () => {
    // watched for 2 and 10 days: one of two left advances on day 4, so 1 − S = 1/2 of those still watched
    const rows = rowsOf(
      withTarget,
      until('2024-01-11 10:00'),
      ['2024-01-09 10:00', 'c:a'],
      ['2024-01-01 10:00', 'd:a'],
      ['2024-01-05 10:00', 'd:b'],
      ['2024-01-01 10:00', 'e:a'],
    );

    expect(rowOf(rows, 'a')).toMatchObject({
      count_entered: 3,
      count_immature: 1,
      advance_rate: 0.5,
      km_advance_rate: 0.5,
    });
  });
});

describe('Kaplan–Meier', () => {
  const event = (duration: number): Observation => ({ duration, isEvent: true });
  const censored = (duration: number): Observation => ({ duration, isEvent: false });

  it('falls at events by the share of those still watched, and stays flat after the last observation', () => {
    const observations = [event(1), censored(2), event(3), event(3), censored(4)];

    expect(survivalAt(observations, 0)).toBe(1);
    expect(survivalAt(observations, 1)).toBeCloseTo(4 / 5, 12);
    expect(survivalAt(observations, 2)).toBeCloseTo(4 / 5, 12);
    expect(survivalAt(observations, 3)).toBeCloseTo((4 / 5) * (1 / 3), 12);
    expect(survivalAt(observations, 99)).toBeCloseTo((4 / 5) * (1 / 3), 12);
  });

  it('takes events before censorings at equal times', () => {
    expect(survivalAt([event(1), censored(1)], 1)).toBe(0.5);
  });

  it('has its median where S falls below one half', () => {
    expect(survivalMedian([event(1), event(2), event(3)])).toBe(2);
    expect(survivalMedian([event(5)])).toBe(5);
  });

  it('has it between the time at which S reaches one half and the next fall', () => {
    expect(survivalMedian([event(1), event(2), event(4), event(9)])).toBe(3);
    expect(survivalMedian([event(1), censored(2)])).toBe(1);
    // 1/2 reached through 2/3 × 3/4 with rounding
    expect(survivalMedian([event(1), event(1), event(2), censored(3), censored(3), event(7)])).toBe(4.5);
  });

  it('has none while S stays above one half, nor without observations', () => {
    expect(survivalMedian([event(1), censored(2), censored(2)])).toBeNull();
    expect(survivalMedian([])).toBeNull();
  });
});

describe('exact medians', () => {
  it('are the middle value or the mean of the two middle ones', () => {
    expect(exactMedian([3, 1, 2])).toBe(2);
    expect(exactMedian([4, 1, 2, 3])).toBe(2.5);
    expect(exactMedian([])).toBeNull();
  });
});
