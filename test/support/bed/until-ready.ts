import { setTimeout as sleep } from 'node:timers/promises';
import { tailOf } from './command.ts';
import type { GuardedProcess } from './guarded-process.ts';

async function isReadyNow(isReady: () => Promise<boolean>): Promise<boolean> {
  try {
    return await isReady();
  } catch {
    // nobody listens yet
    return false;
  }
}

async function poll(isReady: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await isReadyNow(isReady))) {
    signal.throwIfAborted();
    await sleep(200, undefined, { signal });
  }
}

/** Waits until it answers. If it ends before, or the signal comes first, it is stopped, and the error shows the end of its log. */
export async function untilReady(
  name: string,
  process: GuardedProcess,
  signal: AbortSignal,
  isReady: () => Promise<boolean>,
): Promise<void> {
  try {
    await Promise.race([poll(isReady, signal), process.failure]);
  } catch (error) {
    const log = await process.log();
    await process.stop();
    if (!signal.aborted) throw error;
    throw new Error(`${name} did not answer in time. The end of its log:\n${tailOf(log)}`, { cause: error });
  }
}
