import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aLifecycle, aStage, at, events } from '../oracle/lifecycle/build.ts';
import type { Relations } from '../oracle/types.ts';
import { LifecycleEngine } from '../support/lifecycle-engine.ts';

/** The example of docs and design, by the project's own models from touchpoints to marts. */
describe('the worked example', () => {
  let engine: LifecycleEngine;
  let relations: Relations;

  beforeAll(async () => {
    engine = await LifecycleEngine.open();
    relations = await engine.relations({
      run: { asOf: at('2024-12-31 00:00'), timeZone: 'UTC' },
      touchpoints: events(
        ['2024-01-01 10:00', 'page_viewed'],
        ['2024-03-01 10:00', 'page_viewed'],
        ['2024-03-02 10:00', 'order_completed'],
        ['2024-03-05 10:00', 'order_completed'],
        ['2024-10-01 10:00', 'page_viewed'],
      ),
      lifecycles: [
        aLifecycle([
          aStage('reach', { event: 'page_viewed' }, { hold_days: 30 }),
          aStage('acquisition', { event: 'order_completed' }, { hold_days: 90 }),
          aStage('nurture', { event: 'nothing_here' }, { hold_days: 90 }),
          aStage('retention', { event: 'order_completed', at_least: 2 }, { hold_days: 180 }),
        ]),
      ],
    });
  });

  afterAll(() => engine.close());

  const inOrder = (relation: string, instant: string, ...columns: readonly string[]) =>
    (relations[relation] ?? [])
      .toSorted((a, b) => (String(a[instant]) < String(b[instant]) ? -1 : 1))
      .map((row) => columns.map((column) => row[column]));

  it('has the memberships of the page', () => {
    expect(
      inOrder('stage_memberships', 'entered_at', 'stage_id', 'stage_rank', 'entered_at', 'left_at'),
    ).toEqual([
      ['reach', 1, '2024-01-01 10:00:00', '2024-01-31 10:00:00'],
      ['lapsed', 0, '2024-01-31 10:00:00', '2024-03-01 10:00:00'],
      ['reach', 1, '2024-03-01 10:00:00', '2024-03-02 10:00:00'],
      ['acquisition', 2, '2024-03-02 10:00:00', '2024-03-05 10:00:00'],
      ['retention', 4, '2024-03-05 10:00:00', '2024-09-01 10:00:00'],
      ['lapsed', 0, '2024-09-01 10:00:00', '2024-10-01 10:00:00'],
      ['reach', 1, '2024-10-01 10:00:00', '2024-10-31 10:00:00'],
      ['lapsed', 0, '2024-10-31 10:00:00', null],
    ]);
  });

  it('has the transitions of the page, with what caused them', () => {
    const columns = ['from_stage_id', 'to_stage_id', 'kind', 'count_skipped', 'rule_id', 'touchpoint_id'];

    expect(inOrder('stage_transitions', 'occurred_at', 'occurred_at', ...columns)).toEqual([
      ['2024-01-01 10:00:00', null, 'reach', 'enter', null, 'l.reach.1', 't1'],
      ['2024-01-31 10:00:00', 'reach', 'lapsed', 'lapse', null, null, null],
      ['2024-03-01 10:00:00', 'lapsed', 'reach', 'reactivate', null, 'l.reach.1', 't2'],
      ['2024-03-02 10:00:00', 'reach', 'acquisition', 'advance', null, 'l.acquisition.1', 't3'],
      ['2024-03-05 10:00:00', 'acquisition', 'retention', 'skip', 1, 'l.retention.1', 't4'],
      ['2024-09-01 10:00:00', 'retention', 'lapsed', 'lapse', null, null, null],
      ['2024-10-01 10:00:00', 'lapsed', 'reach', 'reactivate', null, 'l.reach.1', 't5'],
      ['2024-10-31 10:00:00', 'reach', 'lapsed', 'lapse', null, null, null],
    ]);
  });
});
