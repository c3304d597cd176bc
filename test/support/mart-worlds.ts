import { expect, it } from 'vitest';
import { compareWithOracle } from '../oracle/compare.ts';
import { lifecycleRelations } from '../oracle/lifecycle/compare.ts';
import { readSeeds } from '../oracle/seeds.ts';
import type { Relations, Row } from '../oracle/types.ts';
import { runWorld } from './engine.ts';
import { randomWorld, receivedRows, type World } from './random-world.ts';
import { disturb, shrink, worldToCsv } from './world-changes.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried, and which world, is chosen from outside
const environment = process.env;
const isFull = environment.DONGU_WORLDS === 'full';

/** One world can be looked at alone: DONGU_WORLD=17 npx vitest run --project worlds. */
function seedsFrom(first: number, count: number): number[] {
  const chosen = environment.DONGU_WORLD;
  return chosen === undefined ? Array.from({ length: count }, (_, index) => first + index) : [Number(chosen)];
}

const oracleSeeds = seedsFrom(1, isFull ? 200 : 4);
const disturbedSeeds = seedsFrom(10_001, isFull ? 20 : 2);
const patience = 120_000;

async function relationsOf(
  world: World,
  lifecycles?: readonly string[],
  threads?: number,
): Promise<Relations> {
  return await runWorld(
    worldToCsv(world),
    { ...world.parameters, ...(lifecycles && { lifecycles }) },
    threads,
  );
}

/** Every eighth world builds all that there is, audits included; the oracle knows the core marts. */
const isCore = ({ seed }: World): boolean => seed % 8 !== 0;

async function differencesFromOracle(world: World): Promise<string[]> {
  const received = receivedRows(world);
  const relations = await runWorld(worldToCsv(world), { ...world.parameters, isCore: isCore(world) });
  return compareWithOracle(relations, { received, seeds: readSeeds() }, world.parameters);
}

/** What a reader needs to see the fault: the differences and the fewest lines that still show one. */
async function report(world: World, differences: readonly string[]): Promise<string> {
  const fails = async (candidate: World) => (await differencesFromOracle(candidate)).length > 0;
  const smallest = await shrink(world, fails, environment.DONGU_WORLD === undefined ? 0 : 120);
  return [
    `World ${world.seed} differs from the oracle. Run it alone, with fewer lines: DONGU_WORLD=${world.seed}`,
    `as of ${world.parameters.asOf.toISOString()}, ${world.parameters.timeZone}, ${world.parameters.activityEvent}`,
    ...differences,
    ...(environment.DONGU_WORLD === undefined
      ? []
      : [...(await differencesFromOracle(smallest)), ...worldToCsv(smallest)]),
  ].join('\n');
}

/** Rows without what is allowed to differ, in an order of their own. */
function comparable(rows: readonly Row[] | undefined): string[] {
  return (
    (rows ?? [])
      // what was received changes when it is received again; only this KPI tells of it
      .filter((row) => row.kpi_id !== 'quarantine_rate')
      .map(({ received_at: _received, run_id: _run, ...row }) =>
        JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
      )
      .sort()
  );
}

const compared = [
  'touchpoints',
  'customer_identifiers',
  'orders',
  'customers',
  'cohort_retention',
  'activity_lifecycle',
  'rfm_segments',
  'kpi_values',
  ...lifecycleRelations,
];

/** One lifecycle of each policy. */
const lifecycles = ['ecommerce', 'classic'];

/** The worlds whose number leaves this rest when halved: two files, so that two cores share them. */
export function describeMartWorlds(rest: 0 | 1): void {
  const isOwn = (seed: number) => seed % 2 === rest;
  if (!oracleSeeds.some(isOwn)) {
    it('are the other half when one world is asked for', () => expect(oracleSeeds).toHaveLength(1));
  }

  it.each(oracleSeeds.filter(isOwn))(
    'agree with the oracle in world %i',
    { timeout: patience * 4 },
    async (seed) => {
      const world = randomWorld(seed);

      const differences = await differencesFromOracle(world);

      if (differences.length > 0) expect.fail(await report(world, differences));
    },
  );

  it.each(disturbedSeeds.filter(isOwn))(
    'are the same when the input of world %i is shuffled, repeated and cut anew, and two threads build them',
    { timeout: patience },
    async (seed) => {
      const world = randomWorld(seed, { hasConflicts: false });
      const plain = await relationsOf(world, lifecycles);
      const disturbed = await relationsOf(disturb(world, seed), lifecycles, 2);

      expect(Object.keys(plain)).toEqual(expect.arrayContaining(compared));
      for (const relation of compared) {
        expect(comparable(disturbed[relation]), `${relation} of world ${seed}`).toEqual(
          comparable(plain[relation]),
        );
      }
    },
  );

  it.each(disturbedSeeds.filter(isOwn))(
    'agree with the oracle when the input of world %i, conflicts included, is disturbed',
    { timeout: patience * 4 },
    async (seed) => {
      const world = disturb(randomWorld(seed), seed);

      const differences = await differencesFromOracle(world);

      if (differences.length > 0) expect.fail(await report(world, differences));
    },
  );
}
