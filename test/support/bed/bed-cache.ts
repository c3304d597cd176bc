import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, statfs } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './command.ts';

/** Where what was fetched is kept between runs. */
export function cacheFolderOf(environment: Environment): string {
  const { DONGU_BED_CACHE, XDG_CACHE_HOME } = environment;
  return DONGU_BED_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'dongu', 'bed');
}

/** What is being filled belongs to a process of a machine: that is how a killed one's is told from a slow one's. */
const stagingPrefix = (): string => `.filling-${hostname()}-`;

function isAbandoned(name: string): boolean {
  if (!name.startsWith(stagingPrefix())) return false;
  const owner = Number.parseInt(name.slice(stagingPrefix().length), 10);
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function removeAbandoned(cacheFolder: string): Promise<void> {
  const names = (await readdir(cacheFolder)).filter(isAbandoned);
  const removals = names.map((name) => rm(join(cacheFolder, name), { recursive: true, force: true }));
  // another process may be removing the same; what is left now is removed the next time
  await Promise.allSettled(removals);
}

async function demandSpace(cacheFolder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(cacheFolder);
  if (bavail * bsize >= neededBytes) return;
  const [free, needed] = [bavail * bsize, neededBytes].map((bytes) => `${(bytes / 1e9).toFixed(1)} GB`);
  throw new Error(
    `There is too little space for the test bed: ${free} free, ${needed} needed while fetching, in ${cacheFolder}. Make space, or name another folder in DONGU_BED_CACHE.`,
  );
}

/** Where to put what shall be kept, and where to work. */
export interface Staging {
  /** Both are in it, and nothing else. */
  readonly folder: string;
  readonly content: string;
  readonly work: string;
}

export interface CacheEntry {
  readonly name: string;
  readonly neededBytes: number;
  readonly fill: (staging: Staging) => Promise<void>;
}

async function moveInto(content: string, target: string): Promise<void> {
  try {
    await rename(content, target);
  } catch (error) {
    // another process was faster, and brought the same: the name holds the pins
    if (!existsSync(target)) throw error;
  }
}

/**
 * The folder of an entry, filled first if it is not there. It is filled beside and appears whole or not at all, so a killed process leaves no half of it, and two at once do the work twice but no harm.
 */
export async function keepInCache(cacheFolder: string, entry: CacheEntry): Promise<string> {
  const target = join(cacheFolder, entry.name);
  if (existsSync(target)) return target;
  await mkdir(cacheFolder, { recursive: true });
  await removeAbandoned(cacheFolder);
  await demandSpace(cacheFolder, entry.neededBytes);
  const staging = await mkdtemp(join(cacheFolder, `${stagingPrefix()}${process.pid}-`));
  try {
    const [content, work] = [join(staging, 'content'), join(staging, 'work')];
    await mkdir(content);
    await mkdir(work);
    await entry.fill({ folder: staging, content, work });
    await moveInto(content, target);
    return target;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
