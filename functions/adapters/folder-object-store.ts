import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { LakeError } from '../core/errors.ts';
import type { ObjectDigest, ObjectStore, TextVersion } from '../ports/object-store.ts';
import { isAlive } from './processes.ts';

const CHUNK_BYTES = 1024 * 1024;

/** Of all stores of this process, so that no two write to one temporary file. */
let writes = 0;

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The last replacement of each path that is under way in this process. */
const turns = new Map<string, Promise<unknown>>();

async function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(path) ?? Promise.resolve();
  const own = before.catch(() => undefined).then(work);
  turns.set(path, own);
  try {
    return await own;
  } finally {
    if (turns.get(path) === own) {
      turns.delete(path);
    }
  }
}

/** Rights of what is made, as `open` and `mkdir` take them. */
export interface FileModes {
  readonly file: number;
  readonly folder: number;
}

const usualModes: FileModes = { file: 0o666, folder: 0o777 };

/** Of what only its owner may read. */
export const ownerModes: FileModes = { file: 0o600, folder: 0o700 };

/** Objects as files under one folder. A put is a rename, so that a reader never sees half an object. */
export class FolderObjectStore implements ObjectStore {
  readonly #root: string;
  readonly #modes: FileModes;

  constructor(root: string, modes: FileModes = usualModes) {
    this.#root = resolve(root);
    this.#modes = modes;
  }

  localPath(key: string): string {
    const path = resolve(this.#root, key);
    if (path !== this.#root && !path.startsWith(this.#root + sep)) {
      throw new LakeError(
        `the key "${key}" leaves its store`,
        'This is a fault of the program: please report it.',
      );
    }
    return path;
  }

  address(key: string): string {
    return this.localPath(key);
  }

  async putText(key: string, text: string, options: { readonly ifAbsent?: boolean } = {}): Promise<boolean> {
    const path = this.localPath(key);
    return this.#throughTemporary(path, async (temporary) => {
      await writeSynced(temporary, text, this.#modes.file);
      return options.ifAbsent ? linkIfAbsent(temporary, path) : renameOver(temporary, path);
    });
  }

  /**
   * The successor of a version has one name, which only one process can take. Whoever finds the name taken does what its
   * owner, who may be dead, was about to do: so nothing stays locked. Three processes that replace one version at once could
   * still make two winners (one helps the second's stale name over the first's text); those of one home exclude each other
   * by its lock, and within a process replacements of a key take turns.
   */
  async replaceText(key: string, text: string, etag: string | undefined): Promise<boolean> {
    if (etag === undefined) {
      return this.putText(key, text, { ifAbsent: true });
    }
    const path = this.localPath(key);
    const successor = join(dirname(path), `.next-${basename(path)}-${etag.slice(0, 16)}`);
    const isCurrent = async () => (await this.getVersion(key)).etag === etag;
    return inTurn(path, () =>
      this.#throughTemporary(path, async (temporary) => {
        await writeSynced(temporary, text, this.#modes.file);
        if (!(await isCurrent())) {
          return false;
        }
        const isMine = await linkIfAbsent(temporary, successor);
        if (!(await isCurrent())) {
          // the version has passed: by this very write, if somebody else has done it, which took the name away
          return isMine && !(await isRemoved(successor));
        }
        await renameIfThere(successor, path);
        return isMine;
      }),
    );
  }

  async putFile(key: string, localPath: string): Promise<void> {
    const path = this.localPath(key);
    await mkdir(dirname(path), { recursive: true, mode: this.#modes.folder });
    try {
      await rename(localPath, path);
    } catch (error) {
      if (!hasCode(error, 'EXDEV')) {
        throw error;
      }
      // another file system: copy beside the target first, so that the put itself stays a rename
      await this.#throughTemporary(path, async (temporary) => {
        await copyFile(localPath, temporary);
        await rename(temporary, path);
      });
    }
  }

  /** Removes what processes that were killed had begun to write; no key names it. To be called while nobody replaces texts. */
  async sweepUnfinished(): Promise<void> {
    const entries = await readdir(this.#root, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const pid = entry.isFile() ? /^\.writing-(\d+)-\d+$/.exec(entry.name)?.[1] : undefined;
      const isLeft = pid === undefined ? entry.name.startsWith('.next-') : !isAlive(Number(pid));
      if (isLeft) {
        await rm(join(entry.parentPath, entry.name), { force: true });
      }
    }
  }

  async getText(key: string): Promise<string | undefined> {
    try {
      return await readFile(this.localPath(key), 'utf8');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) {
        return undefined;
      }
      throw error;
    }
  }

  async getVersion(key: string): Promise<TextVersion> {
    const text = await this.getText(key);
    return { text, etag: text === undefined ? undefined : createHash('sha256').update(text).digest('hex') };
  }

  async list(prefix: string): Promise<readonly string[]> {
    const folder = this.localPath(prefix);
    try {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
        .map((entry) =>
          join(entry.parentPath, entry.name)
            .slice(this.#root.length + 1)
            .replaceAll(sep, '/'),
        )
        .sort((a, b) => (a < b ? -1 : 1));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) {
        return [];
      }
      throw error;
    }
  }

  async digest(key: string): Promise<ObjectDigest | undefined> {
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of createReadStream(this.localPath(key), { highWaterMark: CHUNK_BYTES })) {
        hash.update(chunk as Buffer);
        bytes += (chunk as Buffer).length;
      }
    } catch (error) {
      if (hasCode(error, 'ENOENT')) {
        return undefined;
      }
      throw error;
    }
    return { sha256: hash.digest('hex'), bytes };
  }

  async delete(key: string): Promise<void> {
    await rm(this.localPath(key), { force: true });
  }

  /** Half an object must not stay behind, on a full disk above all. */
  async #throughTemporary<T>(path: string, write: (temporary: string) => Promise<T>): Promise<T> {
    await mkdir(dirname(path), { recursive: true, mode: this.#modes.folder });
    writes += 1;
    const temporary = join(dirname(path), `.writing-${process.pid}-${writes}`);
    try {
      return await write(temporary);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

async function writeSynced(path: string, text: string, mode: number): Promise<void> {
  const handle = await open(path, 'w', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether it was there to be removed. */
async function isRemoved(path: string): Promise<boolean> {
  try {
    await rm(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      return false;
    }
    throw error;
  }
}

/** Another process may have been first. */
async function renameIfThere(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) {
      throw error;
    }
  });
}

async function renameOver(temporary: string, path: string): Promise<boolean> {
  await rename(temporary, path);
  return true;
}

async function linkIfAbsent(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) {
      return false;
    }
    throw error;
  }
}
