import { chanceOf } from '../chance.ts';
import { type Check, checks, findingText, runWithFaults, type Scenario } from './fault-loop.ts';
import { type Fault, type FaultKind, faultKinds } from './fault-points.ts';

export interface FaultPlan {
  /** Every so many calls; 1 is all of them. Each kind begins at another one. */
  readonly step: number;
  /** Runs with some faults at once, at calls of chance. */
  readonly mixes: number;
  /** The first seed; further mixes have the ones after it. */
  readonly seed: number;
  readonly kinds?: readonly FaultKind[];
  /** Stops at so many findings. */
  readonly mostFindings?: number;
}

export interface Tried {
  readonly scenario: string;
  readonly runs: number;
  /** Calls of a run without a fault. */
  readonly calls: number;
  readonly sites: ReadonlySet<string>;
  readonly hit: ReadonlySet<string>;
  readonly found: Readonly<Record<Check, number>>;
  readonly texts: readonly string[];
}

interface Case {
  readonly faults: readonly Fault[];
  readonly seed: number;
}

/** Two to four faults; a process may be started again only after all of them. */
function mixOf(seed: number, calls: number): Case {
  const chance = chanceOf(seed);
  const faults = Array.from({ length: chance.whole(2, 4) }, () => ({
    kind: chance.pick(faultKinds),
    call: chance.whole(1, calls),
  }));
  return { faults, seed };
}

function casesOf({ step, mixes, seed, kinds = faultKinds }: FaultPlan, calls: number): readonly Case[] {
  const cases: Case[] = [];
  for (const [index, kind] of kinds.entries()) {
    for (let call = 1 + ((index * 5) % step); call <= calls; call += step) {
      cases.push({ faults: [{ kind, call }], seed });
    }
  }
  return [...cases, ...Array.from({ length: mixes }, (_, index) => mixOf(seed + 1 + index, calls))];
}

/** Runs the scenario once as it is, once for each fault of the plan, and with mixes of them. */
export async function tryFaults(scenario: Scenario, plan: FaultPlan): Promise<Tried> {
  const { calls, sites, findings: before } = await runWithFaults(scenario, [], plan.seed);
  const seen = new Set(sites);
  const hit = new Set<string>();
  const found: Record<Check, number> = { lost: 0, doubled: 0, unaccounted: 0, torn: 0, stuck: 0 };
  const texts: string[] = [];
  const note = (faults: readonly Fault[], seed: number, findings: typeof before) => {
    for (const finding of findings) {
      found[finding.check] += 1;
      texts.push(findingText(scenario, faults, seed, finding));
    }
  };
  note([], plan.seed, before);
  let runs = 1;
  for (const { faults, seed } of casesOf(plan, calls)) {
    if (texts.length >= (plan.mostFindings ?? 10)) {
      break;
    }
    const run = await runWithFaults(scenario, faults, seed);
    runs += 1;
    for (const site of run.sites) seen.add(site);
    for (const site of run.hit) hit.add(site);
    note(faults, seed, run.findings);
  }
  return { scenario: scenario.name, runs, calls, sites: seen, hit, found, texts };
}

export const triedText = ({ scenario, runs, calls, hit, found }: Tried): string =>
  `${scenario}: ${runs} runs, ${calls} calls without a fault, ${hit.size} call sites hit; ${checks
    .map((check) => `${check} ${found[check]}`)
    .join(', ')}`;
