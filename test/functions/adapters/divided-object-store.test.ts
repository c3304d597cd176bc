import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DividedObjectStore } from '../../../functions/adapters/divided-object-store.ts';
import { FolderObjectStore } from '../../../functions/adapters/folder-object-store.ts';
import { describeObjectStore } from '../../support/contracts/object-store-contract.ts';
import { withFolder } from '../../support/engine.ts';

const divided = (folder: string, of: string) => {
  const [own, rest] = [
    new FolderObjectStore(join(folder, 'own')),
    new FolderObjectStore(join(folder, 'rest')),
  ];
  return { own, rest, whole: new DividedObjectStore(of, own, rest) };
};

describe('a store in two places', () => {
  describeObjectStore((work) =>
    withFolder((folder) =>
      work({ store: divided(folder, 'a').whole, again: divided(folder, 'a').whole, folder }),
    ),
  );

  it('keeps what lies in the folder in its own store, and lists both as one', () =>
    withFolder(async (folder) => {
      const { own, rest, whole } = divided(folder, 'lake/identities');
      const keys = ['lake/identities/b', 'lake/identitiesandmore', 'lake/a', 'lake/z/c', 'runs/d'];
      for (const key of keys) {
        await whole.putText(key, key);
      }
      await rest.putText('lake/identities/of-nobody', 'before the stores were divided');

      expect(await own.list('')).toEqual(['lake/identities/b']);
      expect(await whole.list('lake')).toEqual([
        'lake/a',
        'lake/identities/b',
        'lake/identitiesandmore',
        'lake/z/c',
      ]);
      expect(await whole.list('lake/identities')).toEqual(['lake/identities/b']);
      expect(await whole.getText('lake/identities/of-nobody')).toBeUndefined();
      await whole.delete('lake/identities/b');
      expect(await own.list('')).toEqual([]);
    }));
});
