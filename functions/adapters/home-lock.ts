import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, LakeError } from '../core/errors.ts';
import { isAlive } from './processes.ts';

/** Does the work while no other process of this machine does such work in the same home; refuses to wait. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  await take(path);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Whether a process that lives has it. */
export async function isLocked(path: string): Promise<boolean> {
  return isAlive(await holderOf(path));
}

const holderOf = async (path: string): Promise<number> =>
  Number(await readFile(path, 'utf8').catch(() => ''));

async function take(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const own = `${path}-${process.pid}`;
  await writeFile(own, `${process.pid}\n`);
  try {
    for (const isLastTry of [false, true]) {
      if (await linked(own, path)) {
        return;
      }
      const holder = await holderOf(path);
      if (isLastTry || isAlive(holder)) {
        throw new LakeError(
          `this home is in use by another command (process ${holder})`,
          `Wait until it ends. If no such command runs, delete ${path}.`,
        );
      }
      // its process was killed
      await rm(path, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}
