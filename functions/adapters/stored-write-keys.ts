import { stringify } from 'yaml';
import { readWriteKeys, type WriteKey } from '../core/collect/write-keys.ts';
import { ConfigurationError } from '../core/errors.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { WriteKeys } from '../ports/write-keys.ts';

export const writeKeysKey = 'keys/write-keys.yml';

/** A list without keys is believed for so long: whoever floods the collector shall not flood the store. */
const EMPTY_MILLISECONDS = 1_000;

/** Others may be changing the list as well. */
const MOST_TRIES = 10;

const listText = (keys: readonly WriteKey[]): string =>
  `# Made by: dongu collect keys. Keys are hashed; secrets of webhooks are not.\n${stringify({ keys })}`;

/** A list that the store does not give anew is used for so long. */
const STALE_MILLISECONDS = 60_000;

interface Known {
  readonly keys: readonly WriteKey[];
  readonly etag: string | undefined;
  readonly readAt: number;
  /** When the store was last asked, whether or not it gave the list. */
  readonly askedAt: number;
}

/** Write keys as YAML in a store: secrets of webhooks stand in it, so only its owner may read it. */
export class StoredWriteKeys implements WriteKeys {
  readonly #store: ObjectStore;
  readonly #freshMilliseconds: number;
  #known: Known | undefined;
  #reading: Promise<Known> | undefined;

  /** A list is used for so long before it is looked at again: a revoked key ends no later. */
  constructor(store: ObjectStore, freshMilliseconds: number) {
    this.#store = store;
    this.#freshMilliseconds = freshMilliseconds;
  }

  async list(): Promise<readonly WriteKey[]> {
    return (await this.#recent()).keys;
  }

  /** As the list is now; empty where there is none. */
  async read(): Promise<readonly WriteKey[]> {
    return (await this.#readAnew()).keys;
  }

  /**
   * Replaces the list whole: a reader sees the old one or the new one. Of changes that come at once, each begins with what the
   * one before has left; so the work may be called again.
   */
  async change(work: (keys: readonly WriteKey[]) => readonly WriteKey[]): Promise<void> {
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const { text, etag } = await this.#store.getVersion(writeKeysKey);
      const changed = listText(work(text === undefined ? [] : readWriteKeys(text, this.#place)));
      // what would not be read again is not written
      readWriteKeys(changed, 'the changed list');
      if (await this.#store.replaceText(writeKeysKey, changed, etag)) {
        return;
      }
    }
    throw new ConfigurationError(`others are changing ${this.#place} all the time`, 'Try again.');
  }

  get #place(): string {
    return this.#store.address(writeKeysKey);
  }

  async #recent(): Promise<Known> {
    const known = this.#known;
    if (known && since(known.askedAt) < this.#freshFor(known)) {
      return known;
    }
    // requests that come together ask together
    this.#reading ??= this.#readAnew().finally(() => {
      this.#reading = undefined;
    });
    try {
      this.#known = await this.#reading;
      return this.#known;
    } catch (error) {
      if (known && since(known.readAt) < STALE_MILLISECONDS && !(error instanceof ConfigurationError)) {
        // else every request would wait for a store that hangs
        this.#known = { ...known, askedAt: performance.now() };
        return known;
      }
      throw error;
    }
  }

  /** The first key is waited for. */
  #freshFor({ keys }: Known): number {
    return keys.length > 0 ? this.#freshMilliseconds : Math.min(this.#freshMilliseconds, EMPTY_MILLISECONDS);
  }

  async #readAnew(): Promise<Known> {
    const readAt = performance.now();
    const { text, etag } = await this.#store.getVersion(writeKeysKey);
    if (this.#known && this.#known.etag === etag) {
      return { ...this.#known, readAt, askedAt: readAt };
    }
    return {
      keys: text === undefined ? [] : readWriteKeys(text, this.#place),
      etag,
      readAt,
      askedAt: readAt,
    };
  }
}

const since = (instant: number): number => performance.now() - instant;
