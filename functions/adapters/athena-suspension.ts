import type { ScanCost } from '../core/run-report.ts';
import { allAtOnce, type Steps } from '../ports/steps.ts';
import { stepsFolder, workFolder } from './athena-settings.ts';
import type { S3ObjectStore } from './s3-object-store.ts';
import { StoredSteps } from './stored-steps.ts';

const suspendedKey = (runId: string): string => `${workFolder(runId)}suspended.json`;

/** Of a function that lives for 15 minutes, what is left after its start and before its end, with room for a slow one. */
const LONG_MILLISECONDS = 5 * 60_000;

/**
 * Whether a process has left the run for another one to go on with. One that was killed has not: its statements may still be
 * writing.
 */
export async function isSuspended(store: S3ObjectStore, runId: string): Promise<boolean> {
  return (await store.getText(suspendedKey(runId))) !== undefined;
}

export interface Suspension {
  readonly steps: Steps;
  /** Of this process; empty of a run's first. */
  readonly attempt: string;
  /** What the run had spent when its last process ended. */
  readonly spentBefore?: ScanCost;
  /** Does the work when the process has to end. */
  atEnd(work: () => void): void;
  /** From now on the run is done to its end. */
  off(): void;
  /** To be called when nothing of the run is at work any more. */
  leave(spent: ScanCost): Promise<void>;
}

const never: Suspension = {
  steps: allAtOnce,
  attempt: '',
  atEnd: () => {},
  off: () => {},
  leave: async () => {},
};

/** Without a time at which this process has to end, a run is done by it or not at all. */
export async function openSuspension(
  store: S3ObjectStore,
  runId: string,
  until: number | undefined,
): Promise<Suspension> {
  if (until === undefined) {
    return never;
  }
  const key = suspendedKey(runId);
  const text = await store.getText(key);
  // a timer may fire a moment before the clock says so
  let hasEnded = false;
  const steps = await StoredSteps.open({
    store,
    folder: stepsFolder(runId),
    runId,
    isOver: () => hasEnded || Date.now() >= until,
    isLong: until - Date.now() >= LONG_MILLISECONDS,
  });
  await store.delete(key);
  let timer: NodeJS.Timeout | undefined;
  return {
    steps,
    attempt: text === undefined ? '' : `-${Date.now().toString(36)}`,
    ...(text !== undefined && { spentBefore: JSON.parse(text) as ScanCost }),
    atEnd: (work) => {
      timer = setTimeout(() => {
        hasEnded = true;
        work();
      }, until - Date.now());
    },
    off: () => clearTimeout(timer),
    leave: async (spent) => {
      clearTimeout(timer);
      await store.putText(key, JSON.stringify(spent));
    },
  };
}
