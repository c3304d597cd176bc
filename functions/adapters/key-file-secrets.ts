import { createHmac, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, LakeError } from '../core/errors.ts';
import { identityKeyCheckKey } from '../core/lake-layout.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Secrets } from '../ports/secrets.ts';

const KEY_BYTES = 32;
const CHECKED_TEXT = 'dongu identity key';

/**
 * The identity key in a file of the home that only its owner reads; made at first use. The lake keeps a check value
 * of it, from which the key cannot be had: a lake that has one takes no other key.
 */
export class KeyFileSecrets implements Secrets {
  readonly #path: string;
  readonly #store: ObjectStore;

  constructor(path: string, store: ObjectStore) {
    this.#path = path;
    this.#store = store;
  }

  async identityKey(): Promise<Buffer> {
    const check = await this.#store.getText(identityKeyCheckKey);
    const existing = await this.#read();
    if (!existing && check !== undefined) {
      throw new LakeError(
        `the identity key ${this.#path} is gone, but this lake was made with it`,
        'Restore it from a backup: with another key every customer would become a new one.',
      );
    }
    const key = existing ?? (await this.#make());
    const own = `${createHmac('sha256', key).update(CHECKED_TEXT).digest('hex')}\n`;
    if (check === undefined) {
      await this.#store.putText(identityKeyCheckKey, own, { ifAbsent: true });
    }
    if ((check ?? (await this.#store.getText(identityKeyCheckKey))) !== own) {
      throw new LakeError(
        `the identity key ${this.#path} is not the one that this lake was made with`,
        'Restore the right one from a backup: with another key every customer would become a new one.',
      );
    }
    return key;
  }

  async #make(): Promise<Buffer> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const temporary = `${this.#path}.${randomBytes(6).toString('hex')}`;
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
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') {
        return undefined;
      }
      throw new LakeError(
        `the identity key ${this.#path} cannot be read (${errorCode(error) ?? 'unknown'})`,
        'Check that it is a file which you may read.',
        { cause: error },
      );
    });
    if (text === undefined) {
      return undefined;
    }
    if (!/^[0-9a-f]{64}$/i.test(text.trim())) {
      throw new LakeError(
        `the identity key in ${this.#path} is damaged`,
        'Restore it from a backup: with another key every customer would become a new one.',
      );
    }
    return Buffer.from(text.trim(), 'hex');
  }
}
