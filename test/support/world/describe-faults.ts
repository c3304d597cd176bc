import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callSitesIn } from './call-sites.ts';
import { runWithFaults, type Scenario } from './fault-loop.ts';
import { type FaultPlan, mixOf, type Tried, triedText, tryFaults } from './try-faults.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const isFull = process.env.DONGU_FAULTS === 'full';
// biome-ignore lint/style/noProcessEnv: a seed that was printed is tried again by naming it
const seed = Number(process.env.DONGU_SEED ?? 1);

export interface TriedScenario {
  readonly name: string;
  readonly open: (folder: string) => Promise<Scenario>;
  /** Files of `functions/` whose every call must have been met by a fault. */
  readonly files: readonly string[];
  /** Calls that no fault meets, by file and method, how many there are, and why. */
  readonly unmet?: readonly {
    readonly call: string;
    readonly times: number;
    readonly because: string;
  }[];
  /** Runs with several faults in the full tier. */
  readonly mixes: number;
  readonly leastRuns: number;
  /** Of the full tier only, and there too at one call of each place. */
  readonly isSlow?: boolean;
}

/** Faults at every call of a scenario in the full tier, at one of each place in the short one. */
export function describeFaults(given: TriedScenario): void {
  const { name, open, files, unmet = [], mixes, leastRuns, isSlow = false } = given;
  if (isSlow && !isFull) {
    return;
  }
  describe(`faults of ${name}`, () => {
    let folder: string;
    let scenario: Scenario;
    let tried: Tried;
    let known: readonly string[];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'dongu-faults-'));
      const calls = isFull && !isSlow ? 'every' : 'each-site';
      const plan: FaultPlan = { calls, mixes: isFull ? mixes : 4, seed };
      known = await callSitesIn(files);
      scenario = await open(folder);
      tried = await tryFaults(scenario, plan);
      console.log(triedText(tried, known));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('lose nothing, double nothing, tear nothing and leave nothing stuck', () => {
      expect(tried.texts).toEqual([]);
      expect(tried.runs).toBeGreaterThan(isFull ? leastRuns : 15);
    });

    it('come again, call by call, with their seed', async () => {
      const one = mixOf(seed + 1, tried.calls);
      const [first, second] = [await runWithFaults(scenario, one), await runWithFaults(scenario, one)];

      expect(second).toEqual(first);
      expect(first.hit.length).toBeGreaterThan(0);
    });

    it('were at every place that calls the store or the queue', () => {
      // some are only come by after a fault: of these the short tier meets too few
      const wanted = isFull ? known : known.filter((site) => tried.sites.has(site));

      const missed = wanted.filter((site) => !tried.hit.has(site)).map((site) => site.replace(/:\d+/, ''));

      expect(missed.sort()).toEqual(
        isFull ? unmet.flatMap(({ call, times }) => Array(times).fill(call)) : [],
      );
    });
  });
}
