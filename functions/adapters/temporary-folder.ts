import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './processes.ts';

/**
 * A folder of this process for what is worked on, which only its owner reads: a landing holds personal values there.
 * Folders of processes that were killed are removed first.
 */
export async function openTemporaryFolder(parent: string): Promise<string> {
  for (const name of await readdir(parent)) {
    const pid = /^dongu-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && (await isLeft(join(parent, name), Number(pid)))) {
      // of another user: it stays
      await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
  return mkdtemp(join(parent, `dongu-${process.pid}-`));
}

/** In a container each process has the number of the one before. */
async function isLeft(path: string, pid: number): Promise<boolean> {
  if (pid !== process.pid) {
    return !isAlive(pid);
  }
  const startedAt = Date.now() - process.uptime() * 1000;
  const changedAt = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => startedAt,
  );
  return changedAt < startedAt;
}

/** Removes what lies there under names that begin so: a container of Lambda lives on after what failed in it. */
export async function emptyFolder(folder: string, beginning = ''): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(beginning)) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
  }
}
