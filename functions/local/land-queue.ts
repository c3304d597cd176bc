import { join } from 'node:path';
import { FolderQueue } from '../adapters/folder-queue.ts';
import { isLocked, withLock } from '../adapters/home-lock.ts';
import { removeLeftovers } from '../use-cases/compact-lake.ts';
import type { Home } from './home.ts';
import { type LandedTotals, runLandingLoop } from './landing-loop.ts';
import { keepHeapSmall } from './small-heap.ts';

export interface LandQueueOptions {
  readonly isOnce: boolean;
  readonly signal: AbortSignal;
  /** The one that this process sends to, if it does. */
  readonly queue?: FolderQueue;
}

export const queueFolder = (home: Home): string => join(home.root, 'queue');

const lockOf = (home: Home): string => join(queueFolder(home), 'landing.lock');

/** Whether a process of this machine lands in the home now. */
export const isLanding = (home: Home): Promise<boolean> => isLocked(lockOf(home));

/** Lands what is in the home's queue. One process of a home does this at a time; a second one is refused. */
export async function landQueue(
  home: Home,
  { isOnce, signal, queue }: LandQueueOptions,
): Promise<LandedTotals> {
  keepHeapSmall();
  return withLock(lockOf(home), async () => {
    await removeLeftovers(await home.compactPorts());
    return runLandingLoop({
      queue: queue ?? new FolderQueue(queueFolder(home)),
      ports: await home.landBatchPorts(),
      telemetry: home.telemetry,
      tidy: () => home.exclusively(async () => void (await home.compact())),
      signal,
      isOnce,
    });
  });
}
