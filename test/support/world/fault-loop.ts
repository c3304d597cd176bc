import type { Fault } from './fault-points.ts';
import type { World } from './world.ts';
import type { WorldProcess } from './world-process.ts';

export const checks = ['lost', 'doubled', 'altered', 'unaccounted', 'torn', 'stuck'] as const;
export type Check = (typeof checks)[number];

export interface Finding {
  readonly check: Check;
  readonly text: string;
}

/** One run of a scenario, in a world of its own. */
export interface Turn {
  readonly world: World;
  /** All that one process does, from its start to its end. */
  readonly work: (process: WorldProcess) => Promise<void>;
  /** Whether there is nothing more to do. */
  readonly isQuiet: () => boolean;
  /** What must hold at any time, even right after a fault. */
  readonly judgeAlways: () => Promise<readonly Finding[]>;
  /** What must hold when a process that had slept while others did all there was to do has come to its end. */
  readonly judgeAwake: () => Promise<readonly Finding[]>;
  /** What must hold once all is quiet, that included. */
  readonly judgeQuiet: () => Promise<readonly Finding[]>;
  readonly close: () => Promise<void>;
}

export interface Scenario {
  readonly name: string;
  readonly open: (seed: number) => Promise<Turn>;
}

export interface FaultRun {
  /** Calls of the process that the faults were in. */
  readonly calls: number;
  readonly sites: readonly string[];
  readonly hit: readonly string[];
  readonly findings: readonly Finding[];
}

/** Longer than a message is hidden, and than a lease is held without being renewed. */
const PAUSE = 11 * 60_000;
const MOST_RESTARTS = 4;

const isFinished = (error: unknown): boolean => error === undefined;

/** Restarts until a process comes to its end and nothing is left; what keeps it from there is a finding. */
async function runToQuiet(turn: Turn): Promise<readonly Finding[]> {
  let last: unknown;
  for (let restarts = 0; restarts < MOST_RESTARTS; restarts += 1) {
    turn.world.clock.pass(PAUSE);
    last = await outcomeOf(turn.work(turn.world.start()));
    if (isFinished(last) && turn.isQuiet()) {
      return [];
    }
  }
  const text = isFinished(last) ? 'work is left, however often it is started' : `no end: ${textOf(last)}`;
  return [{ check: 'stuck', text }];
}

const textOf = (error: unknown): string =>
  error instanceof Error ? [error.message, textOf(error.cause)].filter((part) => part).join(': ') : '';

const outcomeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error ?? new Error('it failed without a reason'),
  );

export interface FaultCase {
  readonly seed: number;
  readonly faults: readonly Fault[];
  /** Of the process that is started after the first one. */
  readonly afterwards?: readonly Fault[];
}

/** Runs a scenario with these faults to its end, and looks at everything that must hold. The same case gives the same run. */
export async function runWithFaults(
  scenario: Scenario,
  { seed, faults, afterwards = [] }: FaultCase,
): Promise<FaultRun> {
  const turn = await scenario.open(seed);
  try {
    const findings: Finding[] = [];
    const others = async () => void findings.push(...(await runToQuiet(turn)));
    const process = turn.world.start(faults, others);
    // how it ends makes no difference: what it leaves is judged
    await outcomeOf(turn.work(process));
    const hasOnlySlept = faults.length > 0 && faults.every(({ kind }) => kind === 'zombie');
    findings.push(...(await (hasOnlySlept ? turn.judgeAwake() : turn.judgeAlways())));
    const second = turn.world.start(afterwards, others);
    if (afterwards.length > 0) {
      turn.world.clock.pass(PAUSE);
      await outcomeOf(turn.work(second));
      findings.push(...(await turn.judgeAlways()));
    }
    findings.push(...(await runToQuiet(turn)));
    findings.push(...(await turn.judgeQuiet()));
    const both = [process.points, second.points];
    return {
      calls: process.points.sites.length,
      sites: both.flatMap(({ sites }) => sites),
      hit: both.flatMap(({ hit }) => hit),
      findings,
    };
  } finally {
    await turn.close();
  }
}

const faultsText = (faults: readonly Fault[]): string =>
  faults.map(({ kind, call }) => `${kind} at call ${call}`).join(', ') || 'no fault';

/** What was found, and how to see it again. */
export const findingText = (
  { name }: Scenario,
  { seed, faults, afterwards }: FaultCase,
  { check, text }: Finding,
): string =>
  `${check}: ${text} (${name}, seed ${seed}: ${faultsText(faults)}${afterwards ? `; then ${faultsText(afterwards)}` : ''})`;
