import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callSitesIn } from './call-sites.ts';
import type { Scenario } from './fault-loop.ts';
import { type FaultPlan, type Tried, triedText, tryFaults } from './try-faults.ts';

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
export function describeFaults(scenario: TriedScenario): void {
  const { name, open, files, unmet = [], mixes, leastRuns, isSlow = false } = scenario;
  if (isSlow && !isFull) {
    return;
  }
  describe(`faults of ${name}`, () => {
    let folder: string;
    let tried: Tried;
    let known: readonly string[];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'dongu-faults-'));
      const calls = isFull && !isSlow ? 'every' : 'each-site';
      const plan: FaultPlan = { calls, mixes: isFull ? mixes : 4, seed };
      known = await callSitesIn(files);
      tried = await tryFaults(await open(folder), plan);
      console.log(triedText(tried, known));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('lose nothing, double nothing, tear nothing and leave nothing stuck', () => {
      expect(tried.texts).toEqual([]);
      expect(tried.runs).toBeGreaterThan(isFull ? leastRuns : 15);
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
