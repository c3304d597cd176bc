import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModels } from '../../functions/adapters/model-files.ts';
import type { Check } from '../../functions/core/model-checks.ts';
import { type LifecycleDifference, lifecycleDifferences } from '../oracle/lifecycle/compare.ts';
import type { Lifecycle, Touchpoint } from '../oracle/lifecycle/types.ts';
import type { Relations, Row } from '../oracle/types.ts';
import { checksOfBuilt } from '../support/lifecycle-audits.ts';
import { LifecycleEngine, type LifecycleInput } from '../support/lifecycle-engine.ts';
import { oracleLifecycles } from '../support/lifecycle-warehouse.ts';
import { inputOf, shrinkInput, shuffleInput, worldOf } from '../support/lifecycle-world-changes.ts';
import {
  groupNumberOf,
  randomGroup,
  type WorldGroup,
  worldsPerGroup,
} from '../support/random-lifecycle-world.ts';
import { templateWorld } from '../support/template-world.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried, and which world, is chosen from outside
const environment = process.env;

/** One world can be looked at alone, with the fewest touchpoints: DONGU_WORLD=17 npx vitest run --project worlds. */
const chosen = environment.DONGU_WORLD === undefined ? undefined : Number(environment.DONGU_WORLD);

/** Half of the worlds run on each policy: 1,000 worlds of each, or 40 of each. */
const isFull = environment.DONGU_WORLDS === 'full';
const countWorlds = isFull ? 2000 : 80;
const countGroups = Math.ceil(countWorlds / worldsPerGroup);
const groupNumbers =
  chosen === undefined ? Array.from({ length: countGroups }, (_, index) => index) : [groupNumberOf(chosen)];
const templateSeeds =
  chosen === undefined ? Array.from({ length: isFull ? 20 : 2 }, (_, index) => index + 1) : [];
const disturbedNumbers = groupNumbers.filter((number) => chosen !== undefined || number % 20 === 0);

/** Rows in an order of their own. */
function comparable(rows: readonly Row[] | undefined): string[] {
  return (rows ?? []).map((row) => JSON.stringify(row)).sort();
}

let engine: LifecycleEngine;
let withTwoThreads: LifecycleEngine;
let audits: readonly Check[];
beforeAll(async () => {
  const models = await loadModels();
  engine = await LifecycleEngine.open(models);
  withTwoThreads = await LifecycleEngine.open(models, undefined, 2);
  audits = checksOfBuilt(models, engine.order).filter(({ severity }) => severity === 'block');
});
afterAll(() => Promise.all([engine.close(), withTwoThreads.close()]));

const differencesOf = async (input: LifecycleInput): Promise<LifecycleDifference[]> =>
  lifecycleDifferences(await engine.relations(input), oracleLifecycles(input));

/** What a reader needs to see the fault: which worlds differ and how, or the least of one world that still does. */
async function report(group: WorldGroup, differences: readonly LifecycleDifference[]): Promise<string> {
  if (chosen === undefined) {
    const worlds = new Set(differences.map(({ lifecycleId }) => worldOf(group, lifecycleId)?.number));
    const texts = differences.slice(0, 40).map(({ text }) => text);
    return [
      `Worlds ${[...worlds].join(', ')} differ from the oracle: look at one alone with DONGU_WORLD=n`,
      ...texts,
    ].join('\n');
  }
  const smallest = await shrinkInput(
    onlyChosen(group),
    async (input) => (await differencesOf(input)).length > 0,
    150,
  );
  return written(smallest, await differencesOf(smallest));
}

describe('lifecycle marts of random worlds', () => {
  it.each(groupNumbers)('agree with the oracle in group %i', async (number) => {
    const group = randomGroup(number);
    const input = chosen === undefined ? inputOf(group) : onlyChosen(group);

    const differences = await differencesOf(input);

    if (differences.length > 0) expect.fail(await report(group, differences));
    for (const { model, name, sql } of audits) {
      expect(await engine.rows(sql), `the audit "${name}" of ${model} is wrong on legal data`).toEqual([]);
    }
  });

  it.each(templateSeeds)(
    'of the shipped lifecycles agree with the oracle for the customers of seed %i',
    async (seed) => {
      const input = templateWorld(seed);

      const differences = await differencesOf(input);

      expect(differences.map(({ text }) => text)).toEqual([]);
      const entered = [...oracleLifecycles(input).values()].map(
        ({ stage_memberships }) => stage_memberships.length,
      );
      // `value` has two stages and is entered least
      expect(Math.min(...entered)).toBeGreaterThan(10);
    },
  );
});

describe('lifecycle marts of random worlds that are disturbed', () => {
  it.each(disturbedNumbers)(
    'are the same rows when the input of group %i is shuffled, and two threads build them',
    async (number) => {
      const input = inputOf(randomGroup(number));
      const plain = await engine.relations(input);
      const shuffled = await withTwoThreads.relations(shuffleInput(input, number));

      expectSame(shuffled, plain);
    },
  );

  it.each(disturbedNumbers)(
    'of everybody else stay when one customer of group %i does one thing more',
    async (number) => {
      const input = inputOf(randomGroup(number));
      const one = oneMore(input.touchpoints, input.run.asOf);
      const others = (relations: Relations) => ({
        stage_memberships:
          relations.stage_memberships?.filter((row) => row.customer_id !== one.customer_id) ?? [],
        stage_transitions:
          relations.stage_transitions?.filter((row) => row.customer_id !== one.customer_id) ?? [],
      });

      const before = await engine.relations(input);
      const after = await engine.relations({ ...input, touchpoints: [...input.touchpoints, one] });

      expectSame(others(after), others(before));
      expect(comparable(after.stage_memberships)).not.toEqual(comparable(before.stage_memberships));
    },
  );
});

/** The lifecycles of the chosen world over all touchpoints of its group, as they meet in the group's build. */
function onlyChosen(group: WorldGroup): LifecycleInput {
  const world = group.worlds.find(({ number }) => number === chosen);
  if (world === undefined) throw new Error('DONGU_WORLD is the number of a world, from 1.');
  return { ...inputOf(group), lifecycles: world.lifecycles };
}

function expectSame(is: Relations, should: Relations): void {
  for (const relation of Object.keys(should)) {
    expect(comparable(is[relation]), relation).toEqual(comparable(should[relation]));
  }
}

/** A page view long before the others of its customer, that belongs to no order: rules on page views notice. */
function oneMore(touchpoints: readonly Touchpoint[], asOf: number): Touchpoint {
  const [first] = touchpoints.toSorted((a, b) => a.occurred_at - b.occurred_at);
  if (first === undefined) throw new Error('a group without a touchpoint');
  return {
    ...first,
    touchpoint_id: 'one more',
    occurred_at: Math.min(first.occurred_at, asOf) - 3_600_000,
    event: 'page_viewed',
    order_id: null,
  };
}

function written(
  { run, touchpoints, lifecycles }: LifecycleInput,
  differences: readonly LifecycleDifference[],
): string {
  const byTime = touchpoints.toSorted((a, b) => a.occurred_at - b.occurred_at);
  return [
    `World ${chosen} differs from the oracle; this is the least of it that still does.`,
    `as of ${new Date(run.asOf).toISOString()}, ${run.timeZone}`,
    ...lifecycles.map((lifecycle: Lifecycle) => JSON.stringify(lifecycle, null, 1)),
    ...byTime.map(({ occurred_at, reporting_amount, ...touchpoint }) =>
      JSON.stringify({
        at: new Date(occurred_at).toISOString(),
        ...Object.fromEntries(Object.entries(touchpoint).filter(([, value]) => value !== null)),
        ...(reporting_amount === null ? {} : { reporting_amount: String(reporting_amount) }),
      }),
    ),
    ...differences.map(({ text }) => text),
  ].join('\n');
}
