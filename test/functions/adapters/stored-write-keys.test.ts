import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FolderObjectStore, ownerModes } from '../../../functions/adapters/folder-object-store.ts';
import { StoredWriteKeys } from '../../../functions/adapters/stored-write-keys.ts';
import { ConfigurationError } from '../../../functions/core/errors.ts';
import { publicKey, serverKey, writeKeys } from '../../support/collector.ts';
import { withFolder } from '../../support/engine.ts';

describe('StoredWriteKeys', () => {
  let folder: string;
  let path: string;
  const open = () => new StoredWriteKeys(new FolderObjectStore(folder, ownerModes), 500);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dongu-keys-'));
    path = join(folder, 'keys', 'write-keys.yml');
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('reads what it wrote, into a file for its owner only', async () => {
    const keys = writeKeys(serverKey(), publicKey());
    const file = open();

    await file.change(() => keys);

    expect(await file.list()).toEqual(keys);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'keys'))).toEqual(['write-keys.yml']);
  });

  it('loses no change of two that come at once', async () => {
    const ids = Array.from({ length: 6 }, (_, n) => `server-${n}`);
    const key_sha256 = (n: number): string => n.toString(16).padStart(64, '0');

    await Promise.all(
      ids.map((id, n) =>
        open().change((keys) => [...keys, ...writeKeys(serverKey({ id, key_sha256: key_sha256(n) }))]),
      ),
    );

    expect((await open().list()).map(({ id }) => id).sort()).toEqual(ids);
  });

  it('does not write a list that nobody could read', async () => {
    const keys = writeKeys(serverKey());
    const file = open();
    await file.change(() => keys);

    await expect(file.change((old) => [...old, ...old])).rejects.toThrow('two keys have the same id');

    expect(await file.read()).toEqual(keys);
  });

  it('has no keys before the first is made, and that one a second later, however long a list is used', async () => {
    const patient = new StoredWriteKeys(new FolderObjectStore(folder, ownerModes), 60_000);
    const none = await patient.list();
    await open().change(() => writeKeys(serverKey()));

    expect(none).toEqual([]);
    await expect.poll(() => patient.list(), { timeout: 10_000 }).toHaveLength(1);
  });

  it('takes a list without keys for none', async () => {
    const file = open();
    await file.change(() => []);

    expect(await file.list()).toEqual([]);
  });

  it('sees a change within a second', async () => {
    const [serving, changing] = [open(), open()];
    await changing.change(() => writeKeys(serverKey()));
    await serving.list();

    await changing.change(() => writeKeys(serverKey({ valid_until: '2026-01-01T00:00:00Z' })));
    await new Promise((done) => setTimeout(done, 600));

    expect((await serving.list())[0]).toHaveProperty('valid_until');
  });

  it('goes on with nothing but an error when the file is damaged, and recovers', async () => {
    const file = open();
    await file.change(() => writeKeys(serverKey()));
    await file.list();

    await writeFile(path, 'keys: [{');
    await new Promise((done) => setTimeout(done, 600));
    await expect(file.list()).rejects.toThrow(ConfigurationError);

    await expect(file.change((keys) => keys)).rejects.toThrow(ConfigurationError);
    await rm(path);
    await file.change(() => writeKeys(serverKey()));
    expect(await file.list()).toHaveLength(1);
  });
});

/** A store that can be switched off, beside which time passes as told. */
class Failing extends FolderObjectStore {
  isOff = false;
  reads = 0;

  override async getVersion(key: string) {
    this.reads += 1;
    if (this.isOff) {
      throw new Error('the store does not answer');
    }
    return super.getVersion(key);
  }
}

describe('StoredWriteKeys of a store that may be away', () => {
  it('goes on with the list that it has for a minute when the store does not answer', () =>
    withFolder(async (folder) => {
      vi.useFakeTimers({ toFake: ['performance'] });
      try {
        const store = new Failing(folder);
        const keys = new StoredWriteKeys(store, 500);
        await keys.change(() => writeKeys(serverKey()));
        await keys.list();
        store.isOff = true;

        vi.advanceTimersByTime(59_000);
        expect(await keys.list()).toHaveLength(1);
        vi.advanceTimersByTime(2_000);
        await expect(keys.list()).rejects.toThrow('does not answer');
        store.isOff = false;
        expect(await keys.list()).toHaveLength(1);
      } finally {
        vi.useRealTimers();
      }
    }));

  it('lets no request but the first wait for a store that does not answer, until the list is asked for again', () =>
    withFolder(async (folder) => {
      vi.useFakeTimers({ toFake: ['performance'] });
      try {
        const store = new Failing(folder);
        const keys = new StoredWriteKeys(store, 500);
        await keys.change(() => writeKeys(serverKey()));
        store.reads = 0;
        await keys.list();
        store.isOff = true;
        vi.advanceTimersByTime(600);

        await keys.list();
        await keys.list();
        expect(store.reads).toBe(2);
        vi.advanceTimersByTime(600);
        await keys.list();
        expect(store.reads).toBe(3);
      } finally {
        vi.useRealTimers();
      }
    }));

  it('asks the store once for all that come together', () =>
    withFolder(async (folder) => {
      const store = new Failing(folder);
      const keys = new StoredWriteKeys(store, 500);
      await keys.change(() => writeKeys(serverKey()));
      store.reads = 0;

      await Promise.all(Array.from({ length: 20 }, () => keys.list()));

      expect(store.reads).toBe(1);
    }));
});
