import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LakeError } from '../core/errors.ts';
import type { Secrets } from '../ports/secrets.ts';

const KEY_BYTES = 32;

/** The identity key in a file of the home that only its owner reads; made at first use. */
export class KeyFileSecrets implements Secrets {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async identityKey(): Promise<Buffer> {
    const existing = await this.#read();
    if (existing) {
      return existing;
    }
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const temporary = `${this.#path}.${process.pid}`;
    await writeFile(temporary, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'w' });
    // of two processes that make the key at once, the first wins and both read its key
    await link(temporary, this.#path).catch(() => undefined);
    await unlink(temporary);
    const made = await this.#read();
    if (!made) {
      throw new LakeError(
        'the identity key could not be written',
        `Check that ${dirname(this.#path)} can be written.`,
      );
    }
    return made;
  }

  async #read(): Promise<Buffer | undefined> {
    const text = await readFile(this.#path, 'utf8').catch(() => undefined);
    if (text === undefined) {
      return undefined;
    }
    const key = Buffer.from(text.trim(), 'hex');
    if (key.length !== KEY_BYTES) {
      throw new LakeError(
        `the identity key in ${this.#path} is damaged`,
        'Restore it from a backup: with another key every customer would become a new one.',
      );
    }
    return key;
  }
}
