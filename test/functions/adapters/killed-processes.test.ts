import { spawnSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderObjectStore } from '../../../functions/adapters/folder-object-store.ts';
import { openTemporaryFolder } from '../../../functions/adapters/temporary-folder.ts';
import { withFolder } from '../../support/engine.ts';

/** The id of a process that ran and ended. */
const deadPid = (): number => spawnSync(process.execPath, ['--version']).pid;

describe('what a killed process left', () => {
  it('of objects is removed, and what a living one writes stays', () =>
    withFolder(async (folder) => {
      const store = new FolderObjectStore(folder);
      await store.putText('lake/raw/x/object', 'whole');
      await writeFile(join(folder, 'lake/raw/x', `.writing-${deadPid()}-3`), 'half');
      await writeFile(join(folder, 'lake/raw/x', `.writing-${process.pid}-999`), 'half');

      await store.sweepUnfinished();

      expect((await readdir(join(folder, 'lake/raw/x'))).sort()).toEqual([
        `.writing-${process.pid}-999`,
        'object',
      ]);
    }));

  it('of landings is removed with the personal values in it', () =>
    withFolder(async (folder) => {
      const old = join(folder, `dongu-${deadPid()}-abc`);
      await mkdir(join(old, 'landing'), { recursive: true });
      await writeFile(join(old, 'landing', 'identities.parquet'), 'ayse@ornek.example');
      await mkdir(join(folder, 'dongu-other-tool'));

      const own = await openTemporaryFolder(folder);

      expect((await readdir(folder)).sort()).toEqual(
        ['dongu-other-tool', own.slice(folder.length + 1)].sort(),
      );
    }));
});

describe('a put that fails', () => {
  it('leaves no half object', () =>
    withFolder(async (folder) => {
      const store = new FolderObjectStore(folder);
      // a put over a folder cannot succeed
      await mkdir(join(folder, 'lake', 'taken', 'inside'), { recursive: true });

      await expect(store.putText('lake/taken', 'text')).rejects.toThrow();

      expect((await readdir(join(folder, 'lake'))).sort()).toEqual(['taken']);
    }));
});
