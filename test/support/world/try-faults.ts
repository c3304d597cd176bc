import { chanceOf } from '../chance.ts';
import {
  type Check,
  checks,
  type FaultCase,
  findingText,
  runWithFaults,
  type Scenario,
} from './fault-loop.ts';
import { type Fault, type FaultKind, faultKinds } from './fault-points.ts';

export interface FaultPlan {
  /** Faults at every call, or at the first call of each place in the program, there of some kinds in turn. */
  readonly calls: 'every' | 'each-site';
  /** How many runs have some faults at once, at calls of chance, and some in the process that is started then. */
  readonly mixes: number;
  /** The seed of all runs but mixes, which have those after it. */
  readonly seed: number;
  readonly kinds?: readonly FaultKind[];
  /** Only at calls of a place whose name holds this. */
  readonly at?: string;
  /** Stops at so many findings. */
  readonly mostFindings?: number;
}

export interface Tried {
  readonly scenario: string;
  readonly runs: number;
  /** Calls of a run without a fault. */
  readonly calls: number;
  /** Places that a run without a fault comes by. */
  readonly sites: ReadonlySet<string>;
  readonly hit: ReadonlySet<string>;
  readonly found: Readonly<Record<Check, number>>;
  readonly texts: readonly string[];
}

const KINDS_A_SITE = 3;
const CALLS_OF_TIDYING = 12;
/** A landing that woke too late has so many calls left, at most. */
const CALLS_AFTER_SLEEP = 14;
/** Of these, tried for each call at which it slept; others for the next one. */
const DEATHS_A_SLEEP = 3;
const SLEEPERS = 6;

/** Some faults at once, and some in the process that is started then: all by the seed. */
export function mixOf(seed: number, calls: number): FaultCase {
  const chance = chanceOf(seed);
  const some = (): readonly Fault[] =>
    Array.from({ length: chance.whole(1, 2) }, () => ({
      kind: chance.pick(faultKinds),
      call: chance.whole(1, calls),
    }));
  return { seed, faults: some(), afterwards: some() };
}

function casesOf(
  { calls, mixes, seed, kinds = faultKinds, at = '' }: FaultPlan,
  sites: readonly string[],
): readonly FaultCase[] {
  const first = [...new Set(sites)].map((site) => sites.indexOf(site) + 1);
  const single: readonly Fault[] =
    calls === 'every'
      ? kinds.flatMap((kind) => sites.map((_, index) => ({ kind, call: index + 1 })))
      : first.flatMap((call, place) =>
          Array.from({ length: Math.min(KINDS_A_SITE, kinds.length) }, (_, index) => ({
            kind: kinds[(place * KINDS_A_SITE + index) % kinds.length] ?? 'crash-before',
            call,
          })),
        );
  // what a crash near the end leaves is put in order by the first calls of the next process: these are met by faults as well
  const dead: Fault = { kind: 'crash-before', call: Math.ceil(sites.length * 0.9) };
  const isWhole = calls === 'every' && at === '';
  const tidying = Array.from({ length: isWhole ? CALLS_OF_TIDYING : 0 }, (_, index) => index + 1);
  return [
    ...tidying.flatMap((call) =>
      kinds.map((kind) => ({ seed, faults: [dead], afterwards: [{ kind, call }] })),
    ),
    ...(at === '' ? sleepersOf(sites, isWhole) : []).map((faults, index) => ({
      seed,
      faults,
      afterwards: [tidyingFault(index)],
    })),
    ...single.filter(({ call }) => sites[call - 1]?.includes(at)).map((fault) => ({ seed, faults: [fault] })),
    ...Array.from({ length: mixes }, (_, index) => mixOf(seed + 1 + index, sites.length)),
  ];
}

/** A landing sleeps, is taken for dead, wakes and dies before its end: at each of its calls and some of those after them. */
function sleepersOf(sites: readonly string[], isWhole: boolean): readonly (readonly Fault[])[] {
  const landing = sites.flatMap((site, index) => (site.includes('land') ? [index + 1] : []));
  const all = landing.flatMap((call, place) =>
    Array.from({ length: DEATHS_A_SLEEP }, (_, index): readonly Fault[] => {
      const later = 1 + ((place * DEATHS_A_SLEEP + index) % CALLS_AFTER_SLEEP);
      return [
        { kind: 'zombie', call },
        { kind: later % 2 === 0 ? 'crash-before' : 'crash-after', call: call + later },
      ];
    }),
  );
  return isWhole ? all : all.filter((_, index) => index % Math.ceil(all.length / SLEEPERS) === 0);
}

/** In the midst of what the next process does about it. */
const tidyingFault = (index: number): Fault => ({
  kind: index % 2 === 0 ? 'crash-before' : 'crash-after',
  call: CALLS_OF_TIDYING + (index % (2 * CALLS_OF_TIDYING)),
});

/** Runs the scenario once as it is, once for each fault of the plan, and with mixes of them. */
export async function tryFaults(scenario: Scenario, plan: FaultPlan): Promise<Tried> {
  const whole: FaultCase = { seed: plan.seed, faults: [] };
  const before = await runWithFaults(scenario, whole);
  const hit = new Set<string>();
  const found: Record<Check, number> = { lost: 0, doubled: 0, altered: 0, unaccounted: 0, torn: 0, stuck: 0 };
  const texts = before.findings.map((finding) => findingText(scenario, whole, finding));
  let runs = 1;
  for (const one of casesOf(plan, before.sites)) {
    if (texts.length >= (plan.mostFindings ?? 10)) {
      break;
    }
    const run = await runWithFaults(scenario, one);
    runs += 1;
    for (const site of run.hit) hit.add(site);
    for (const finding of run.findings) {
      found[finding.check] += 1;
      texts.push(findingText(scenario, one, finding));
    }
  }
  return {
    scenario: scenario.name,
    runs,
    calls: before.calls,
    sites: new Set(before.sites),
    hit,
    found,
    texts,
  };
}

export const triedText = ({ scenario, runs, calls, hit, found }: Tried, known: readonly string[]): string =>
  `${scenario}: ${runs} runs, ${calls} calls without a fault, ${known.filter((site) => hit.has(site)).length} of ${known.length} call sites hit; ${checks
    .map((check) => `${check} ${found[check]}`)
    .join(', ')}`;
