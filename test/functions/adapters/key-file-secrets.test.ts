import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderObjectStore } from '../../../functions/adapters/folder-object-store.ts';
import { KeyFileSecrets } from '../../../functions/adapters/key-file-secrets.ts';
import { LakeError } from '../../../functions/core/errors.ts';
import { withFolder } from '../../support/engine.ts';

async function withKey(
  work: (secrets: KeyFileSecrets, path: string, folder: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const path = join(folder, 'keys', 'identity.key');
    await work(new KeyFileSecrets(path, new FolderObjectStore(folder)), path, folder);
  });
}

const stops = async (secrets: KeyFileSecrets, message: string): Promise<void> => {
  const error = await secrets.identityKey().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LakeError);
  expect((error as LakeError).message).toContain(message);
};

describe('the identity key', () => {
  it('is made once, for its owner only', () =>
    withKey(async (secrets, path, folder) => {
      const key = await secrets.identityKey();

      expect(key).toHaveLength(32);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await new KeyFileSecrets(path, new FolderObjectStore(folder)).identityKey()).toEqual(key);
      expect(await readFile(join(folder, 'lake', 'identity-key-check'), 'utf8')).not.toContain(
        key.toString('hex'),
      );
    }));

  it('is the same for two that ask at once', () =>
    withKey(async (secrets, path, folder) => {
      const other = new KeyFileSecrets(path, new FolderObjectStore(folder));
      const [one, two] = await Promise.all([secrets.identityKey(), other.identityKey()]);

      expect(one).toEqual(two);
    }));

  it('is not made anew when it is gone from a lake', () =>
    withKey(async (secrets, path) => {
      await secrets.identityKey();
      await rm(path);

      await stops(secrets, 'is gone, but this lake was made with it');
      await expect(stat(path)).rejects.toThrow('ENOENT');
    }));

  it('of another lake is refused', () =>
    withKey(async (secrets, path) => {
      const key = await secrets.identityKey();
      await writeFile(path, 'ab'.repeat(32));
      await stops(secrets, 'is not the one that this lake was made with');
      await writeFile(path, `${key.toString('hex')}\n`);

      expect(await secrets.identityKey()).toEqual(key);
    }));

  it.each([
    ['empty', () => ''],
    ['cut off', (text: string) => text.slice(0, 40)],
    ['too long', (text: string) => `${text.trim()}\n00\n`],
    ['no key', () => 'hello'],
  ])('that is %s is damaged', (_what, change) =>
    withKey(async (secrets, path) => {
      await secrets.identityKey();
      await writeFile(path, change(await readFile(path, 'utf8')));

      await stops(secrets, 'is damaged');
    }),
  );

  it('that cannot be read is not taken for a missing one', () =>
    withKey(async (secrets, path) => {
      await mkdir(path, { recursive: true });
      await chmod(path, 0o700);

      await stops(secrets, 'cannot be read (EISDIR)');
    }));
});
