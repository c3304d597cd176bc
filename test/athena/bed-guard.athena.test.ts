import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type GuardedProcess, startGuarded } from '../support/bed/guarded-process.ts';
import { untilReady } from '../support/bed/until-ready.ts';
import { withFolder } from '../support/engine.ts';

const module = fileURLToPath(new URL('../support/bed/guarded-process.ts', import.meta.url));

// all cores may be at work on something else
const patience = { timeout: 60_000, interval: 50 };

/** A service that has started a process of its own, as an emulator of Lambda does. */
const service = 'sleep 600 & echo $$ $! > pids; wait';

/** Starts the service, and says when both its processes live. Then it does as told. */
const parentText = (folder: string, then: string): string => `
  import { existsSync } from 'node:fs';
  import { startGuarded } from ${JSON.stringify(module)};
  const service = await startGuarded({
    name: 'service', python: 'python3', command: ['sh', '-c', ${JSON.stringify(service)}],
    folder: ${JSON.stringify(folder)}, environment: { PATH: process.env.PATH },
  });
  while (!existsSync(${JSON.stringify(join(folder, 'pids'))})) await new Promise((resolve) => setTimeout(resolve, 20));
  console.log('started');
  ${then}
`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function pidsIn(folder: string): Promise<readonly number[]> {
  const text = await readFile(join(folder, 'pids'), 'utf8');
  return text.trim().split(' ').map(Number);
}

async function outlived(then: string, end: (kill: () => void) => void): Promise<void> {
  await withFolder(async (around) => {
    const folder = join(around, 'bed', 'service');
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', parentText(folder, then)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = new Promise((resolve) => parent.on('exit', resolve));
    await Promise.race([ended, new Promise((resolve) => parent.stdout.once('data', resolve))]);
    await expect.poll(() => pidsIn(folder), patience).toHaveLength(2);
    const pids = await pidsIn(folder);
    expect(pids.map(isAlive)).toEqual([true, true]);
    end(() => parent.kill('SIGKILL'));
    await ended;
    await expect.poll(() => pids.map(isAlive), patience).toEqual([false, false]);
    await expect.poll(() => existsSync(join(around, 'bed')), patience).toBe(false);
  });
}

it('leaves no process and no folder when the parent is killed', async () => {
  await outlived('await new Promise((resolve) => setTimeout(resolve, 600_000));', (kill) => kill());
});

it('leaves none when the parent fails', async () => {
  await outlived("setTimeout(() => { throw new Error('on purpose'); }, 500);", () => undefined);
});

async function withService(script: string, work: (service: GuardedProcess, folder: string) => Promise<void>) {
  await withFolder(async (around) => {
    const folder = join(around, 'bed', 'service');
    // biome-ignore lint/style/noProcessEnv: where python3 and sh are
    const environment = { PATH: process.env.PATH ?? '' };
    const command = ['sh', '-c', script];
    const guarded = await startGuarded({ name: 'service', python: 'python3', command, folder, environment });
    try {
      await work(guarded, folder);
    } finally {
      await guarded.stop();
    }
  });
}

it('leaves no process when only the guard is killed', async () => {
  await withService(`echo $PPID > guard; echo said; ${service}`, async (guarded, folder) => {
    await expect.poll(() => pidsIn(folder), patience).toHaveLength(2);
    process.kill(Number(await readFile(join(folder, 'guard'), 'utf8')), 'SIGKILL');
    await expect(guarded.failure).rejects.toThrow('service ended with SIGKILL:\nsaid');
    const pids = await pidsIn(folder);
    await expect.poll(() => pids.map(isAlive), patience).toEqual([false, false]);
  });
});

it('shows the end of the log of a service that ends by itself, at once', async () => {
  await withService('echo a property was not used; exit 3', async (guarded) => {
    const never = AbortSignal.timeout(60_000);
    const ready = untilReady('service', guarded, never, () => Promise.resolve(false));
    await expect(ready).rejects.toThrow('service ended with 3:\na property was not used');
  });
});

it('shows the end of the log of a service that does not answer in time, and stops it', async () => {
  await withService(`echo still loading; ${service}`, async (guarded, folder) => {
    await expect.poll(() => pidsIn(folder), patience).toHaveLength(2);
    const pids = await pidsIn(folder);
    const refused = (): Promise<boolean> => Promise.reject(new Error('nobody listens'));
    const ready = untilReady('service', guarded, AbortSignal.timeout(500), refused);
    await expect(ready).rejects.toThrow('service did not answer in time. The end of its log:\nstill loading');
    await expect.poll(() => pids.map(isAlive), patience).toEqual([false, false]);
    expect(existsSync(folder)).toBe(false);
  });
});
