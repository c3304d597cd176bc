import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderObjectStore } from '../../../functions/adapters/folder-object-store.ts';
import { identityKeyCheckKey, lakeFolders } from '../../../functions/core/lake-layout.ts';
import { readLandedMarker, recordText } from '../../../functions/core/lake-records.ts';
import type { ObjectStore } from '../../../functions/ports/object-store.ts';
import { type LakeCopy, mirrorLake } from '../../../functions/use-cases/mirror-lake.ts';
import { crashEverywhere } from '../../support/crashing-store.ts';
import { first, fixed, importedWith, stricter, writeSource } from '../../support/till-source.ts';

const silent = { step: () => {}, warn: () => {} };

/** A copy in a folder, with the one call more that a copy has. */
function copyOver(store: ObjectStore): LakeCopy {
  const upload = async (key: string, path: string): Promise<void> => {
    const temporary = store.localPath(`upload/${key}`);
    await mkdir(dirname(temporary), { recursive: true });
    await copyFile(path, temporary);
    await store.putFile(key, temporary);
  };
  return new Proxy(store as LakeCopy, {
    get: (target, name) => {
      if (name === 'uploadFile') {
        return upload;
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const folderCopy = (folder: string, name = 'copy'): LakeCopy =>
  copyOver(new FolderObjectStore(join(folder, name)));

/** What lies in the lake but for clear identities, with what it holds. */
async function stateOf(store: ObjectStore): Promise<Readonly<Record<string, string | undefined>>> {
  const keys = (await store.list('lake')).filter(
    (key) => !key.startsWith(lakeFolders.identities) && key !== 'lake/identity-key-check',
  );
  return Object.fromEntries(
    await Promise.all(keys.map(async (key) => [key, (await store.digest(key))?.sha256] as const)),
  );
}

async function markerOf(store: ObjectStore): Promise<string> {
  const [key = ''] = await store.list(lakeFolders.landed);
  return key;
}

describe('a copy of the lake', () => {
  it('has all but clear identities, and is not made twice', () =>
    importedWith(first, async (lake, folder) => {
      const copy = folderCopy(folder);
      expect(await lake.store.list(lakeFolders.identities)).not.toEqual([]);

      expect(await mirrorLake(lake.store, copy, silent)).toBe(1);

      expect(await copy.list(lakeFolders.identities)).toEqual([]);
      expect(await stateOf(copy)).toEqual(await stateOf(lake.store));
      expect(await mirrorLake(lake.store, copy, silent)).toBe(0);
    }));

  it('takes no lake that was hashed with another key: one customer would become two', () =>
    importedWith(first, async (lake, folder) => {
      const copy = folderCopy(folder);
      await lake.store.putText(identityKeyCheckKey, 'of this key\n');
      await copy.putText(identityKeyCheckKey, 'of another key\n');

      await expect(mirrorLake(lake.store, copy, silent)).rejects.toThrow('another identity key');

      expect(await copy.list('lake/receipts')).toEqual([]);
    }));

  it('follows a replay that adds objects and a remap that replaces and removes them', () =>
    importedWith(first, async (lake, folder) => {
      const copy = folderCopy(folder);
      await mirrorLake(lake.store, copy, silent);
      for (const [mode, mapping] of [
        ['replay', fixed],
        ['remap', stricter],
        ['remap', fixed],
      ] as const) {
        const before = await stateOf(lake.store);
        await writeSource(folder, mapping);
        await lake.landAgain(mode, 'till');
        expect(await stateOf(lake.store)).not.toEqual(before);

        expect(await mirrorLake(lake.store, copy, silent), mode).toBe(1);

        expect(await stateOf(copy), mode).toEqual(await stateOf(lake.store));
      }
    }));

  it('loses the object of a zone that has become empty', () =>
    importedWith(first, async (lake, folder) => {
      const copy = folderCopy(folder);
      await mirrorLake(lake.store, copy, silent);
      await writeSource(folder, { ...fixed, reject: "'none_is_wanted'" });
      await lake.landAgain('remap', 'till');
      expect(await lake.store.list(lakeFolders.rows('touchpoints'))).toEqual([]);

      await mirrorLake(lake.store, copy, silent);

      expect(await copy.list(lakeFolders.rows('touchpoints'))).toEqual([]);
      expect(await stateOf(copy)).toEqual(await stateOf(lake.store));
    }));
});

describe('a copy that breaks off', () => {
  it.each(['the lake as it is now', 'the lake as it was before'] as const)(
    'at any call never passes for complete, and the next one brings %s',
    (next) =>
      importedWith(first, async (lake, folder) => {
        const oldLake = new FolderObjectStore(join(folder, 'old'));
        await copyAll(lake.store, oldLake);
        const old = await stateOf(oldLake);
        await writeSource(folder, fixed);
        await lake.landAgain('remap', 'till');
        const wanted = await stateOf(lake.store);
        const isNow = next === 'the lake as it is now';
        let tries = 0;

        const deaths = await crashEverywhere(
          { moments: ['before', 'after'], step: 1 },
          async () => {
            tries += 1;
            const store = new FolderObjectStore(join(folder, `copy-${tries}`));
            await mirrorLake(oldLake, copyOver(store), silent);
            return store;
          },
          (store) => mirrorLake(lake.store, copyOver(store), silent),
          async (left) => {
            const [state, key] = [await stateOf(left), await markerOf(left)];
            const isWhole = [old, wanted].some((whole) => JSON.stringify(whole) === JSON.stringify(state));
            const marker = readLandedMarker((await left.getText(key)) ?? '', key);
            expect(isWhole || marker.changing.length > 0).toBe(true);
            await mirrorLake(isNow ? lake.store : oldLake, copyOver(left), silent);
            expect(await stateOf(left)).toEqual(isNow ? wanted : old);
          },
        );
        expect(deaths).toBeGreaterThan(10);
      }),
  );
});

describe('a copy of the lake after a remap that broke off', () => {
  it('stays as it is, with a warning', () =>
    importedWith(first, async (lake, folder) => {
      const copy = folderCopy(folder);
      await mirrorLake(lake.store, copy, silent);
      const before = await stateOf(copy);
      const key = await markerOf(lake.store);
      const marker = readLandedMarker((await lake.store.getText(key)) ?? '', key);
      const [object] = marker.objects.filter((one) => one.key.startsWith(lakeFolders.rows('touchpoints')));
      await lake.store.putText(key, recordText({ ...marker, changing: [object?.key ?? ''] }));
      await writeFile(lake.store.localPath(object?.key ?? ''), 'half of what is to come');
      const warnings: string[] = [];

      const count = await mirrorLake(lake.store, copy, {
        step: () => {},
        warn: (text) => warnings.push(text),
      });

      expect(count).toBe(0);
      expect(await stateOf(copy)).toEqual(before);
      expect(warnings).toEqual([expect.stringContaining('source=till: a replay or remap of import')]);
    }));
});

async function copyAll(from: ObjectStore, to: FolderObjectStore): Promise<void> {
  for (const key of await from.list('lake')) {
    const path = to.localPath(key);
    await mkdir(dirname(path), { recursive: true });
    await copyFile(from.localPath(key), path);
  }
}
