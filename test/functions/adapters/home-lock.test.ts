import { spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withLock } from '../../../functions/adapters/home-lock.ts';
import { LakeError } from '../../../functions/core/errors.ts';
import { withFolder } from '../../support/engine.ts';

const withPath = (work: (path: string, folder: string) => Promise<void>): Promise<void> =>
  withFolder((folder) => work(join(folder, 'lock'), folder));

describe('the lock of a home', () => {
  it('lets one work at a time, and the next when it is done', () =>
    withPath(async (path, folder) => {
      await withLock(path, async () => {
        const second = withLock(path, async () => 'done');
        await expect(second).rejects.toThrow(LakeError);
        await expect(second).rejects.toThrow(`process ${process.pid}`);
      });

      expect(await withLock(path, async () => 'done')).toBe('done');
      expect(await readdir(folder)).toEqual([]);
    }));

  it('is given back by work that fails', () =>
    withPath(async (path, folder) => {
      await expect(withLock(path, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');

      expect(await readdir(folder)).toEqual([]);
    }));

  it('of a process that was killed is taken over', () =>
    withPath(async (path) => {
      const { pid } = spawnSync(process.execPath, ['--version']);
      await writeFile(path, `${pid}\n`);

      expect(await withLock(path, async () => 'done')).toBe('done');
    }));
});
