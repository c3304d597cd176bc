import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../../functions/ports/object-store.ts';

export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** The same objects as another process sees them. */
  readonly again: ObjectStore;
  /** A folder for local files. */
  readonly folder: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

type Using = (work: (under: StoreUnderTest) => Promise<void>) => Promise<void>;

const testUsing =
  (using: Using) =>
  (name: string, work: (under: StoreUnderTest) => Promise<void>): void =>
    it(name, () => using(work));

/** What every object store does. `using` gives an empty one for each test. */
export function describeObjectStore(using: Using): void {
  describe('as every object store', () => {
    describeObjects(using);
    describeConditions(using);
  });
}

function describeObjects(using: Using): void {
  const test = testUsing(using);

  test('gives what was put, to every reader at once', async ({ store, again }) => {
    expect(await store.putText('a/one.json', 'ğ 🛒\n')).toBe(true);
    expect(await again.getText('a/one.json')).toBe('ğ 🛒\n');
    expect(await store.putText('a/one.json', '')).toBe(true);
    expect(await again.getText('a/one.json')).toBe('');
    expect(await store.getText('a/none.json')).toBeUndefined();
    expect(await store.getVersion('a/none.json')).toEqual({ text: undefined, etag: undefined });
  });

  test('takes a local file as it is, which is gone then', async ({ store, again, folder }) => {
    const path = join(folder, 'local');
    await writeFile(path, Buffer.from([0, 255, 13, 10]));
    await store.putFile('files/source=a/one.bin', path);
    await writeFile(path, 'second');
    await store.putFile('files/source=a/one.bin', path);

    expect(await again.digest('files/source=a/one.bin')).toEqual({ sha256: sha256('second'), bytes: 6 });
    expect(await again.digest('files/none')).toBeUndefined();
    await expect(store.putFile('files/source=a/one.bin', path)).rejects.toThrow('ENOENT');
    expect(await again.digest('files/source=a/one.bin')).toEqual({ sha256: sha256('second'), bytes: 6 });
  });

  test('lists what lies under a prefix, in byte order, and nothing that is deleted', async ({ store }) => {
    const keys = ['p/a=1/x.json', 'p/a=1/İ.json', 'p/a=10/x.json', 'p/z', 'pp/other'];
    await Promise.all(keys.map((key) => store.putText(key, '{}')));

    expect(await store.list('p')).toEqual(keys.filter((key) => key.startsWith('p/')).sort());
    expect(await store.list('p/a=1')).toEqual(['p/a=1/x.json', 'p/a=1/İ.json']);
    expect(await store.list('nothing')).toEqual([]);
    await store.delete('p/z');
    await store.delete('p/z');
    expect(await store.list('p')).not.toContain('p/z');
  });
}

function describeConditions(using: Using): void {
  const test = testUsing(using);

  test('keeps what is there when it may only write where nothing is', async ({ store, again }) => {
    expect(await store.putText('once', 'first', { ifAbsent: true })).toBe(true);
    expect(await again.putText('once', 'second', { ifAbsent: true })).toBe(false);
    expect(await again.replaceText('once', 'third', undefined)).toBe(false);
    expect(await store.getText('once')).toBe('first');
  });

  test('replaces only the version that was read', async ({ store, again }) => {
    expect(await store.replaceText('it', 'a', undefined)).toBe(true);
    const { text, etag } = await store.getVersion('it');
    expect([text, typeof etag]).toEqual(['a', 'string']);
    expect(await store.replaceText('it', 'b', etag)).toBe(true);
    expect(await again.replaceText('it', 'c', etag)).toBe(false);
    expect(await again.getText('it')).toBe('b');
    expect(await again.replaceText('it', 'c', (await again.getVersion('it')).etag)).toBe(true);
    await store.delete('it');
    expect(await again.replaceText('it', 'd', etag)).toBe(false);
    expect(await again.getText('it')).toBeUndefined();
  });

  test('takes one of all that replace the same version at a time', async ({ store, again }) => {
    for (let round = 0; round < 10; round += 1) {
      await store.putText('raced', `before ${round}`);
      const { etag } = await store.getVersion('raced');
      const texts = Array.from({ length: 8 }, (_, writer) => `round ${round} of ${writer}`);
      const taken = await Promise.all(
        texts.map((text, writer) => (writer % 2 === 0 ? store : again).replaceText('raced', text, etag)),
      );

      expect(taken.filter((isTaken) => isTaken)).toHaveLength(1);
      expect(await again.getText('raced')).toBe(texts[taken.indexOf(true)]);
    }
  });

  test('takes one of all that write where nothing is', async ({ store, again }) => {
    const taken = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((n) =>
        (n % 2 === 0 ? store : again).putText('new', `of ${n}`, { ifAbsent: true }),
      ),
    );

    expect(taken.filter((isTaken) => isTaken)).toHaveLength(1);
    expect(await store.getText('new')).toBe(`of ${taken.indexOf(true)}`);
  });

  test('loses no update of two that count up by turns', async ({ store, again }) => {
    await store.putText('count', '0');
    const countUp = async (own: ObjectStore) => {
      for (let done = 0; done < 25; ) {
        const { text, etag } = await own.getVersion('count');
        done += (await own.replaceText('count', String(Number(text) + 1), etag)) ? 1 : 0;
      }
    };
    await Promise.all([countUp(store), countUp(again)]);

    expect(await store.getText('count')).toBe('50');
  });
}
