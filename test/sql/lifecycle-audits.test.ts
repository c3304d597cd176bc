import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModels } from '../../functions/adapters/model-files.ts';
import type { Check } from '../../functions/core/model-checks.ts';
import { aLifecycle, aStage, at, events } from '../oracle/lifecycle/build.ts';
import { checksOfBuilt, lifecyclePlants } from '../support/lifecycle-audits.ts';
import { LifecycleEngine, type LifecycleInput } from '../support/lifecycle-engine.ts';
import { inputOf } from '../support/lifecycle-world-changes.ts';
import { randomGroup } from '../support/random-lifecycle-world.ts';

/** Customer c is the one of the worked example; d leaves a stage early; both are in a second lifecycle too. */
const auditedInput: LifecycleInput = {
  run: { asOf: at('2024-12-31 00:00'), timeZone: 'UTC' },
  touchpoints: [
    ...events(
      ['2024-01-01 10:00', 'page_viewed'],
      ['2024-03-01 10:00', 'page_viewed'],
      ['2024-03-02 10:00', 'order_completed'],
      ['2024-03-05 10:00', 'order_completed'],
      ['2024-10-01 10:00', 'page_viewed'],
    ),
    ...events(
      ['2024-06-01 10:00', 'page_viewed', { customer_id: 'd', touchpoint_id: 'd1' }],
      ['2024-06-02 10:00', 'order_completed', { customer_id: 'd', touchpoint_id: 'd2', order_id: 'o' }],
      ['2024-06-02 10:01', 'order_completed', { customer_id: 'd', touchpoint_id: 'd3', order_id: 'o' }],
      ['2024-06-10 10:00', 'subscription_ended', { customer_id: 'd', touchpoint_id: 'd4' }],
    ),
  ],
  lifecycles: [
    aLifecycle(
      [
        aStage('reach', { event: 'page_viewed' }, { hold_days: 30 }),
        aStage(
          'acquisition',
          { event: 'order_completed' },
          { hold_days: 90, leave: [{ event: 'subscription_ended' }] },
        ),
        aStage('nurture', { event: '*', at_least: 50 }),
        aStage('retention', { event: 'order_completed', at_least: 2 }, { hold_days: 180 }),
      ],
      { lifecycle: 'shop' },
    ),
    aLifecycle([aStage('bought', { event: '*', channel: ['web', 'mobile'] }, { hold_days: 20 })], {
      lifecycle: 'journey',
      policy: 'latest',
    }),
  ],
};

const models = await loadModels();

describe('audits of the lifecycle models', () => {
  let engine: LifecycleEngine;
  let checks: readonly Check[];

  beforeAll(async () => {
    engine = await LifecycleEngine.open();
    checks = checksOfBuilt(models, engine.order);
    await engine.relations(auditedInput);
  });

  afterAll(() => engine.close());

  const offending = (check: Check | undefined) => engine.rows(check?.sql ?? '');

  async function failing(): Promise<string[]> {
    const names: string[] = [];
    for (const check of checks) {
      if (check.severity === 'block' && (await offending(check)).length > 0)
        names.push(`${check.model}: ${check.name}`);
    }
    return names;
  }

  it.each(lifecyclePlants)('$model: $check: $what', async ({ model, check, relation, select }) => {
    const asked = checks.find((candidate) => candidate.model === model && candidate.name === check);
    await engine.replace('as_built', `select * from ${relation}`);
    expect(await offending(asked)).toEqual([]);

    await engine.replace(relation, select);
    const found = await offending(asked);
    await engine.replace(relation, 'select * from as_built');

    expect(found.length).toBeGreaterThan(0);
  });

  it('are each seen to fail', () => {
    const own = models
      .filter(({ name }) => name.startsWith('stage_') || lifecyclePlants.some(({ model }) => model === name))
      .flatMap(({ name, definition }) => definition.checks.map((check) => `${name}: ${check.name}`))
      .filter((name) => checks.some((check) => name === `${check.model}: ${check.name}`));
    const planted = new Set(lifecyclePlants.map(({ model, check }) => `${model}: ${check}`));

    expect(own.filter((name) => !planted.has(name))).toEqual([]);
  });

  it('hold on the example, on nothing at all, and on random worlds', async () => {
    expect(await failing()).toEqual([]);

    await engine.relations({ ...auditedInput, touchpoints: [] });
    expect(await failing()).toEqual([]);

    for (const number of [0, 1, 2, 3]) {
      await engine.relations(inputOf(randomGroup(number)));
      expect(await failing()).toEqual([]);
    }
  });
});
