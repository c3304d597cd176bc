import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadKpis, loadModels } from '../../functions/adapters/model-files.ts';
import type { Kpi } from '../../functions/core/kpi-definition.ts';
import { type Model, ModelDefinition } from '../../functions/core/model-definition.ts';
import { touchpointsSeen } from '../oracle/lifecycle/seen.ts';
import type { Membership, Transition } from '../oracle/lifecycle/types.ts';
import { type KpiWorld, kpiRowsOf, touchpointRowsOf } from '../oracle/lifecycle-kpis.ts';
import type { Row } from '../oracle/types.ts';
import { LifecycleEngine, type LifecycleInput } from '../support/lifecycle-engine.ts';
import { phaseOf } from '../support/lifecycle-tables.ts';
import { inputOf } from '../support/lifecycle-world-changes.ts';
import { randomGroup, worldsPerGroup } from '../support/random-lifecycle-world.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const environment = process.env;

const countWorlds = environment.DONGU_WORLDS === 'full' ? 200 : 50;
const groupNumbers = Array.from({ length: countWorlds / worldsPerGroup }, (_, index) => index);

const dayMilliseconds = 86_400_000;
const kpis = (await loadKpis()).filter(
  ({ definition }) =>
    (definition.per_lifecycle && definition.group !== 'experience') ||
    definition.kpi === 'channel_switch_rate',
);

/** A KPI's select as a model, so that the engine builds it after what it reads. */
function modelOf({ definition, sql, file }: Kpi): Model {
  const name = `kpi_${definition.kpi}`;
  return {
    name,
    layer: 'kpis',
    file,
    sql,
    definition: ModelDefinition.parse({ model: name, description: name, grain: ['grain'], columns: {} }),
  };
}

/** Worlds are some weeks long: half of the groups are looked at half a year later, when crossings are mature. */
function laterInput(group: number): LifecycleInput {
  const input = inputOf(randomGroup(group));
  const { run } = input;
  return group % 2 === 0 ? input : { ...input, run: { ...run, asOf: run.asOf + 165 * dayMilliseconds } };
}

const instant = (value: unknown): number =>
  value instanceof Date ? value.getTime() : Date.parse(`${String(value).replace(' ', 'T')}Z`);
const maybe = (value: unknown): number | null => (value === null ? null : instant(value));
const text = (value: unknown): string | null => (value === null ? null : String(value));

const membershipOf = (row: Row): Membership => ({
  lifecycle_id: String(row.lifecycle_id),
  customer_id: String(row.customer_id),
  stage_id: String(row.stage_id),
  stage_rank: Number(row.stage_rank),
  entered_at: instant(row.entered_at),
  left_at: maybe(row.left_at),
});

const transitionOf = (row: Row): KpiWorld['transitions'][number] => ({
  lifecycle_id: String(row.lifecycle_id),
  occurred_at: instant(row.occurred_at),
  from_stage_id: text(row.from_stage_id),
  to_stage_id: String(row.to_stage_id),
  kind: String(row.kind) as Transition['kind'],
});

/** Counts as they are, doubles to nine places, days without a time. */
function told(row: Row | object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([column]) => column !== 'run_id')
      .map(([column, value]) => [column, column === 'period_start' ? dayOf(value) : cellOf(value)]),
  );
}

const dayOf = (value: unknown): string =>
  (value instanceof Date ? value.toISOString() : String(value)).slice(0, 10);

function cellOf(value: unknown): string {
  if (typeof value === 'boolean' || value === null || value === undefined) return String(value ?? null);
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  return Number.isNaN(number) ? String(value) : number.toFixed(9);
}

/** Columns in one order, rows in one order. */
function comparable(rows: readonly (Row | object)[], columns: readonly string[]): string[] {
  return rows
    .map(told)
    .map((row) => columns.map((column) => `${column} ${row[column] ?? 'null'}`).join(', '))
    .sort();
}

function differenceOf(is: readonly string[], should: readonly string[]): string[] {
  const [have, want] = [new Set(is), new Set(should)];
  return [
    ...is.filter((row) => !want.has(row)).map((row) => `unexpected: ${row}`),
    ...should.filter((row) => !have.has(row)).map((row) => `missing: ${row}`),
  ].slice(0, 20);
}

const kpiColumns = [
  'kpi_id',
  'lifecycle_id',
  'grain',
  'period_start',
  'segment_type',
  'segment_value',
].concat(['value', 'numerator', 'denominator', 'n', 'is_complete', 'null_reason']);
const touchpointColumns = ['lifecycle_id', 'stage_id', 'dimension', 'value', 'count_touchpoints'].concat([
  'count_stays',
  'count_mature_stays',
  'count_moved_on',
  'moved_on_rate',
]);

describe('KPIs of lifecycles and touchpoints over stages in random worlds', () => {
  let engine: LifecycleEngine;
  beforeAll(async () => {
    const models = kpis.map(modelOf);
    engine = await LifecycleEngine.open(
      [...(await loadModels()), ...models],
      ['stage_memberships', 'stage_transitions', 'stage_touchpoints', ...models.map(({ name }) => name)],
    );
  });
  afterAll(() => engine.close());

  it.each(groupNumbers)('agree with what is counted by hand in group %i', async (group) => {
    const input = laterInput(group);
    const relations = await engine.relations(input);
    const world: KpiWorld = {
      run: input.run,
      lifecycles: input.lifecycles,
      phaseOf,
      memberships: (relations.stage_memberships ?? []).map(membershipOf),
      transitions: (relations.stage_transitions ?? []).map(transitionOf),
      received: input.touchpoints,
      seen: touchpointsSeen(input.touchpoints, input.run.asOf),
    };
    const ofKpis = kpis.flatMap(({ definition: { kpi } }) =>
      (relations[`kpi_${kpi}`] ?? []).map((row) => ({ kpi_id: kpi, ...row })),
    );

    const kpisAre = comparable(ofKpis, kpiColumns);
    const touchpointsAre = comparable(relations.stage_touchpoints ?? [], touchpointColumns);

    expect(differenceOf(kpisAre, comparable(kpiRowsOf(world), kpiColumns))).toEqual([]);
    expect(differenceOf(touchpointsAre, comparable(touchpointRowsOf(world), touchpointColumns))).toEqual([]);
    expect(new Set(kpisAre).size).toBe(kpisAre.length);
    expect(touchpointsAre.length).toBeGreaterThan(0);
  });
});
