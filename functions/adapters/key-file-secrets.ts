import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, LakeError } from '../core/errors.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Secrets } from '../ports/secrets.ts';
import { checkedIdentityKey, KEY_BYTES, readIdentityKey } from './identity-key-check.ts';

/** The identity key in a file of the home that only its owner reads; made at first use. */
export class KeyFileSecrets implements Secrets {
  readonly #path: string;
  readonly #store: ObjectStore;

  constructor(path: string, store: ObjectStore) {
    this.#path = path;
    this.#store = store;
  }

  identityKey(): Promise<Buffer> {
    return checkedIdentityKey(
      { name: this.#path, read: () => this.#read(), make: () => this.#make() },
      this.#store,
    );
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
    return text === undefined ? undefined : readIdentityKey(text, this.#path);
  }
}
