import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { guardFile, tailOf } from './command.ts';

export interface ProcessPlan {
  /** For messages. */
  readonly name: string;
  readonly python: string;
  readonly command: readonly string[];
  /** A folder of its own, removed when it ends; its log is in it. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface GuardedProcess {
  /** Rejects when the process ends before it is stopped, with the end of its log. */
  readonly failure: Promise<never>;
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** A process that lives no longer than this one, whatever ends this one: see bed-guard.py. */
export async function startGuarded(plan: ProcessPlan): Promise<GuardedProcess> {
  const logFile = join(plan.folder, 'log.txt');
  await mkdir(plan.folder, { recursive: true });
  const logDescriptor = openSync(logFile, 'a');
  const child = spawn(plan.python, [guardFile, plan.folder, ...plan.command], {
    // of its own group, so that Ctrl-C at a terminal reaches only this process, which then stops it
    detached: true,
    cwd: plan.folder,
    env: plan.environment,
    stdio: ['pipe', logDescriptor, logDescriptor],
  });
  closeSync(logDescriptor);
  child.stdin?.on('error', () => undefined);
  const log = (): Promise<string> => readFile(logFile, 'utf8').catch(() => '');
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(`ended with ${signal ?? code}`));
  });
  let isStopping = false;
  const failure = ended.then(async (how): Promise<never> => {
    if (isStopping) return new Promise(() => undefined);
    // the guard may have been killed alone
    killGroup(child.pid);
    throw new Error(`${plan.name} ${how}:\n${tailOf(await log())}`);
  });
  // told to whoever waits for it; it is no fault when nobody does any more
  failure.catch(() => undefined);
  const stop = async (): Promise<void> => {
    isStopping = true;
    child.stdin?.end();
    await ended;
    killGroup(child.pid);
    await rm(plan.folder, { recursive: true, force: true });
  };
  return { failure, log, stop };
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // nobody of it is left
  }
}
