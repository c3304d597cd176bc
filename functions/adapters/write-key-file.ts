import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stringify } from 'yaml';
import { readWriteKeys, type WriteKey } from '../core/collect/write-keys.ts';
import { ConfigurationError, errorCode } from '../core/errors.ts';
import type { WriteKeys } from '../ports/write-keys.ts';

/** How long a list is used before the file is looked at again, so that a revoked key ends at once. */
const FRESH_MILLISECONDS = 500;

/** Write keys in a YAML file that only its owner reads. */
export class WriteKeyFile implements WriteKeys {
  readonly #path: string;
  #known:
    | { readonly keys: readonly WriteKey[]; readonly version: string; readonly lookedAt: number }
    | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async list(): Promise<readonly WriteKey[]> {
    const keys = await this.#recent();
    if (keys.length === 0) {
      throw new ConfigurationError(
        `there is no write key in ${this.#path}`,
        'Make one, which is shown once: dongu collect keys new --source segment.',
      );
    }
    return keys;
  }

  async #recent(): Promise<readonly WriteKey[]> {
    const now = performance.now();
    if (this.#known && now - this.#known.lookedAt < FRESH_MILLISECONDS) {
      return this.#known.keys;
    }
    const version = await this.#version();
    const keys = this.#known?.version === version ? this.#known.keys : await this.read();
    this.#known = { keys, version, lookedAt: now };
    return keys;
  }

  /** As the file is now; none where there is no file. */
  async read(): Promise<readonly WriteKey[]> {
    try {
      return readWriteKeys(await readFile(this.#path, 'utf8'), this.#path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') {
        return [];
      }
      throw error;
    }
  }

  /** Replaces the file whole: a reader sees the old list or the new one. */
  async write(keys: readonly WriteKey[]): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const temporary = `${this.#path}.${randomBytes(6).toString('hex')}`;
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(
        `# Made by: dongu collect keys. Keys are hashed; secrets of webhooks are not.\n${stringify({ keys })}`,
      );
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, this.#path);
  }

  async #version(): Promise<string> {
    try {
      const { mtimeNs, size, ino } = await stat(this.#path, { bigint: true });
      return `${ino}-${mtimeNs}-${size}`;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') {
        return 'none';
      }
      throw error;
    }
  }
}
