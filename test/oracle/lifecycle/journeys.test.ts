import { describe, expect, it } from 'vitest';
import { aLifecycle, aStage, at, events, type Happened, plainStages, run, told } from './build.ts';
import { evaluateLifecycle } from './evaluate.ts';
import type { Lifecycle, Stage, Transition } from './types.ts';

const rowsOf = (lifecycle: Lifecycle, ...happened: readonly Happened[]) =>
  evaluateLifecycle(lifecycle, events(...happened), run);

const furthest = (stages: readonly Stage[]) => aLifecycle(stages);
const latest = (stages: readonly Stage[]) => aLifecycle(stages, { policy: 'latest' });

describe('the worked example', () => {
  const example = aLifecycle([
    aStage('reach', { event: 'page_viewed' }, { hold_days: 30 }),
    aStage('acquisition', { event: 'order_completed' }, { hold_days: 90 }),
    aStage('nurture', { event: 'nothing_here' }),
    aStage('retention', { event: 'order_completed', at_least: 2 }, { hold_days: 180 }),
  ]);
  const rows = evaluateLifecycle(
    example,
    events(
      ['2024-01-01 10:00', 'page_viewed'],
      ['2024-03-01 10:00', 'page_viewed'],
      ['2024-03-02 10:00', 'order_completed'],
      ['2024-03-05 10:00', 'order_completed'],
      ['2024-10-01 10:00', 'page_viewed'],
    ),
    { asOf: at('2024-12-31 00:00'), timeZone: 'UTC' },
  );

  it('has the memberships of the page', () => {
    expect(told(rows)).toEqual([
      ['reach', '2024-01-01 10:00', '2024-01-31 10:00'],
      ['lapsed', '2024-01-31 10:00', '2024-03-01 10:00'],
      ['reach', '2024-03-01 10:00', '2024-03-02 10:00'],
      ['acquisition', '2024-03-02 10:00', '2024-03-05 10:00'],
      ['retention', '2024-03-05 10:00', '2024-09-01 10:00'],
      ['lapsed', '2024-09-01 10:00', '2024-10-01 10:00'],
      ['reach', '2024-10-01 10:00', '2024-10-31 10:00'],
      ['lapsed', '2024-10-31 10:00', null],
    ]);
    expect(rows.stage_memberships.map(({ stage_rank }) => stage_rank)).toEqual([1, 0, 1, 2, 4, 0, 1, 0]);
  });

  it('has the transitions of the page, with what caused them', () => {
    expect(
      rows.stage_transitions.map((row) => [
        row.kind,
        row.count_skipped,
        row.from_stage_id,
        row.rule_id,
        row.touchpoint_id,
      ]),
    ).toEqual([
      ['enter', null, null, 'l.reach.1', 't1'],
      ['lapse', null, 'reach', null, null],
      ['reactivate', null, 'lapsed', 'l.reach.1', 't2'],
      ['advance', null, 'reach', 'l.acquisition.1', 't3'],
      ['skip', 1, 'acquisition', 'l.retention.1', 't4'],
      ['lapse', null, 'retention', null, null],
      ['reactivate', null, 'lapsed', 'l.reach.1', 't5'],
      ['lapse', null, 'reach', null, null],
    ]);
  });
});

describe('furthest', () => {
  it('is the highest stage that any signal holds, and falls to the highest still held', () => {
    const rows = rowsOf(
      furthest(plainStages({ a: 10, b: 2, c: 1 })),
      ['2024-01-01 10:00', 'a'],
      ['2024-01-02 10:00', 'c'],
      ['2024-01-02 10:00', 'b'],
    );

    expect(told(rows)).toEqual([
      ['a', '2024-01-01 10:00', '2024-01-02 10:00'],
      ['c', '2024-01-02 10:00', '2024-01-03 10:00'],
      ['b', '2024-01-03 10:00', '2024-01-04 10:00'],
      ['a', '2024-01-04 10:00', '2024-01-11 10:00'],
      ['lapsed', '2024-01-11 10:00', null],
    ]);
  });

  it('stays where it is when a lower stage signals', () => {
    const rows = rowsOf(
      furthest(plainStages({ a: 1, b: 5 })),
      ['2024-01-01 10:00', 'b'],
      ['2024-01-02 10:00', 'a'],
    );

    expect(told(rows)).toEqual([
      ['b', '2024-01-01 10:00', '2024-01-06 10:00'],
      ['lapsed', '2024-01-06 10:00', null],
    ]);
  });

  it('is the policy when none is declared', () => {
    const stages = plainStages({ a: null, b: null });
    const happened: Happened[] = [
      ['2024-01-01 10:00', 'b'],
      ['2024-01-02 10:00', 'a'],
    ];

    expect(told(rowsOf(aLifecycle(stages), ...happened))).toEqual(
      told(rowsOf(aLifecycle(stages, { policy: 'furthest' }), ...happened)),
    );
    expect(told(rowsOf(aLifecycle(stages), ...happened))).toEqual([['b', '2024-01-01 10:00', null]]);
  });
});

describe('latest', () => {
  it('is the stage of the most recent signal, the highest of one instant', () => {
    const rows = rowsOf(
      latest(plainStages({ a: null, b: null, c: null })),
      ['2024-01-01 10:00', 'c'],
      ['2024-01-02 10:00', 'a'],
      ['2024-01-02 10:00', 'b'],
      ['2024-01-03 10:00', 'a'],
    );

    expect(told(rows)).toEqual([
      ['c', '2024-01-01 10:00', '2024-01-02 10:00'],
      ['b', '2024-01-02 10:00', '2024-01-03 10:00'],
      ['a', '2024-01-03 10:00', null],
    ]);
  });

  it('lapses when that hold ends, though an earlier or a lower simultaneous signal would still hold', () => {
    const rows = rowsOf(
      latest(plainStages({ a: null, b: 1 })),
      ['2024-01-01 10:00', 'a'],
      ['2024-01-02 10:00', 'a'],
      ['2024-01-02 10:00', 'b'],
    );

    expect(told(rows)).toEqual([
      ['a', '2024-01-01 10:00', '2024-01-02 10:00'],
      ['b', '2024-01-02 10:00', '2024-01-03 10:00'],
      ['lapsed', '2024-01-03 10:00', null],
    ]);
  });

  it('is not touched by the leave of a stage that another signal has taken over', () => {
    const stages = [aStage('a', { event: 'a' }, { leave: [{ event: 'bye' }] }), aStage('b', { event: 'b' })];
    const rows = rowsOf(
      latest(stages),
      ['2024-01-01 10:00', 'a'],
      ['2024-01-02 10:00', 'b'],
      ['2024-01-03 10:00', 'bye'],
    );

    expect(told(rows)).toEqual([
      ['a', '2024-01-01 10:00', '2024-01-02 10:00'],
      ['b', '2024-01-02 10:00', null],
    ]);
  });
});

describe.each(['furthest', 'latest'] as const)('memberships under %s', (policy) => {
  const of = (holds: Readonly<Record<string, number | null>>) => aLifecycle(plainStages(holds), { policy });

  it('continue when the same stage signals at the instant at which its hold ends', () => {
    const rows = rowsOf(of({ a: 1 }), ['2024-01-01 10:00', 'a'], ['2024-01-02 10:00', 'a']);

    expect(told(rows)).toEqual([
      ['a', '2024-01-01 10:00', '2024-01-03 10:00'],
      ['lapsed', '2024-01-03 10:00', null],
    ]);
  });

  it('record no lapse when another stage signals there', () => {
    const rows = rowsOf(of({ a: 5, b: 1 }), ['2024-01-01 10:00', 'b'], ['2024-01-02 10:00', 'a']);

    expect(told(rows).slice(0, 2)).toEqual([
      ['b', '2024-01-01 10:00', '2024-01-02 10:00'],
      ['a', '2024-01-02 10:00', '2024-01-07 10:00'],
    ]);
  });

  it('do not exist for a customer who never had a signal', () => {
    const rows = rowsOf(of({ a: 1 }), ['2024-01-01 10:00', 'x']);

    expect(rows).toEqual({
      firings: [],
      stage_memberships: [],
      stage_transitions: [],
      stage_occupancy: [],
      stage_flows: [],
      stage_dropoffs: [],
    });
  });

  it('are the same whatever the order and repetition of what arrived', () => {
    const plain = events(
      ['2024-01-01 10:00', 'a'],
      ['2024-01-02 10:00', 'b'],
      ['2024-01-02 10:00', 'a'],
      ['2024-01-05 10:00', 'a'],
    );
    const lifecycle = of({ a: 2, b: 1 });

    expect(told(evaluateLifecycle(lifecycle, [...plain, ...plain].toReversed(), run))).toEqual(
      told(evaluateLifecycle(lifecycle, plain, run)),
    );
  });
});

describe('the kind of a transition', () => {
  it('follows from the two ranks', () => {
    const rows = rowsOf(
      latest(plainStages({ a: 30, b: 30, c: 30, d: 30 })),
      ['2024-01-01 10:00', 'a'],
      ['2024-01-02 10:00', 'd'],
      ['2024-01-03 10:00', 'b'],
      ['2024-01-04 10:00', 'c'],
    );

    expect(rows.stage_transitions.map(({ kind, count_skipped }) => [kind, count_skipped])).toEqual([
      ['enter', null],
      ['skip', 2],
      ['return', null],
      ['advance', null],
      ['lapse', null],
    ]);
  });

  it('is enter into whatever stage comes first, and reactivate into whatever comes after lapsed', () => {
    const rows = rowsOf(
      furthest(plainStages({ a: 1, b: 1, c: 1 })),
      ['2024-01-01 10:00', 'c'],
      ['2024-01-05 10:00', 'c'],
    );

    expect(rows.stage_transitions.map(({ kind, count_skipped }) => [kind, count_skipped])).toEqual([
      ['enter', null],
      ['lapse', null],
      ['reactivate', null],
      ['lapse', null],
    ]);
  });
});

const cause = (row: Transition | undefined) => [
  row?.to_stage_id,
  row?.rule_id,
  row?.touchpoint_id,
  row?.event,
  row?.channel,
];
const causes = (lifecycle: Lifecycle, ...happened: readonly Happened[]) =>
  rowsOf(lifecycle, ...happened).stage_transitions.map(cause);

describe('the cause of a transition', () => {
  it('is the first touchpoint in byte order, and then the first rule that fires at it', () => {
    const stages = [aStage('a', [{ event: 'x' }, { event: ['x', 'y'] }, { event: 'y' }])];

    expect(
      causes(
        furthest(stages),
        ['2024-01-01 10:00', 'x', { touchpoint_id: '\u{1F600}' }],
        ['2024-01-01 10:00', 'y', { touchpoint_id: '\uFF5E', channel: null }],
      ),
    ).toEqual([['a', 'l.a.2', '\uFF5E', 'y', null]]);
  });

  it('is of the entered stage only, and passes over touchpoints at which its rules do not fire', () => {
    const stages = [aStage('a', { event: 'x' }), aStage('b', { event: 'y', at_least: 2 })];

    expect(
      causes(
        furthest(stages),
        ['2024-01-01 10:00', 'x'],
        ['2024-01-01 10:00', 'y'],
        ['2024-01-01 10:00', 'y'],
      ),
    ).toEqual([['b', 'l.b.1', 't2', 'y', 'web']]);
  });

  it('is an order at its earliest line', () => {
    expect(
      causes(
        furthest([aStage('a', { event: 'order_completed' })]),
        ['2024-01-02 10:00', 'order_completed', { order_id: 'o', channel: 'web' }],
        ['2024-01-01 10:00', 'order_completed', { order_id: 'o', channel: 'store' }],
      ),
    ).toEqual([['a', 'l.a.1', 't2', 'order_completed', 'store']]);
  });
});

describe('the cause of leaving a stage', () => {
  const withLeave = [
    aStage('a', { event: 'x' }),
    aStage('b', { event: 'y' }, { hold_days: 2, leave: [{ event: 'bye' }, { event: '*' }] }),
  ];

  it('is a leave of the stage left, in byte order and then by rule, when nothing enters', () => {
    expect(
      causes(
        furthest(withLeave),
        ['2024-01-01 10:00', 'x'],
        ['2024-01-01 10:00', 'y'],
        ['2024-01-02 10:00', 'z'],
        ['2024-01-02 10:00', 'bye', { touchpoint_id: 't0' }],
      ).at(-1),
    ).toEqual(['a', 'l.b.leave.1', 't0', 'bye', 'web']);
    expect(causes(furthest(withLeave), ['2024-01-01 10:00', 'y'], ['2024-01-02 10:00', 'z']).at(-1)).toEqual([
      'lapsed',
      'l.b.leave.2',
      't2',
      'z',
      'web',
    ]);
  });

  it('is that leave also where the hold would have ended then', () => {
    expect(
      causes(furthest(withLeave), ['2024-01-01 10:00', 'y'], ['2024-01-03 10:00', 'bye']).at(-1),
    ).toEqual(['lapsed', 'l.b.leave.1', 't2', 'bye', 'web']);
  });

  it('is the entry and not the leave where both are at that instant', () => {
    expect(causes(furthest(withLeave), ['2024-01-01 10:00', 'y'], ['2024-01-02 10:00', 'x']).at(-1)).toEqual([
      'a',
      'l.a.1',
      't2',
      'x',
      'web',
    ]);
  });

  it('is null when a hold ran out, all four columns', () => {
    expect(
      causes(furthest(withLeave), ['2024-01-01 10:00', 'y'], ['2024-01-03 10:01', 'bye']).at(-1),
    ).toEqual(['lapsed', null, null, null, null]);
  });
});

describe('several lifecycles', () => {
  it('know nothing of each other', () => {
    const touchpoints = events(['2024-01-01 10:00', 'a'], ['2024-01-02 10:00', 'b']);
    const one = aLifecycle(plainStages({ a: null, b: null }), { lifecycle: 'one' });
    const two = aLifecycle(plainStages({ b: null, a: null }), { lifecycle: 'two' });

    const [ofOne, ofTwo] = [one, two].map((lifecycle) => evaluateLifecycle(lifecycle, touchpoints, run));

    expect(ofOne?.stage_transitions.map(({ rule_id }) => rule_id)).toEqual(['one.a.1', 'one.b.1']);
    expect(ofTwo?.stage_transitions.map(({ rule_id }) => rule_id)).toEqual(['two.a.1']);
  });
});
