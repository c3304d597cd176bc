import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, openTemporaryFolder } from '../../../functions/adapters/temporary-folder.ts';
import { withFolder } from '../../support/engine.ts';

/** No process has it. */
const DEAD = 2 ** 22 + 1;

describe('openTemporaryFolder', () => {
  it('removes what dead processes left, those of its own number as well, and nothing else', () =>
    withFolder(async (folder) => {
      const before = new Date(Date.now() - process.uptime() * 1000 - 1000);
      const [dead, earlier, alive] = [DEAD, process.pid, process.ppid].map((pid) => `dongu-${pid}-abc`);
      for (const name of [dead, earlier, alive, 'somebody-else']) {
        await mkdir(join(folder, String(name)));
        await writeFile(join(folder, String(name), 'received'), 'in the clear');
        await utimes(join(folder, String(name)), before, before);
      }

      const own = await openTemporaryFolder(folder);
      const second = await openTemporaryFolder(folder);

      const left = [alive, 'somebody-else', basename(own), basename(second)];
      expect((await readdir(folder)).sort()).toEqual(left.sort());
    }));
});

describe('emptyFolder', () => {
  it('removes files and folders whose names begin so, or all', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'landed-a'));
      await writeFile(join(folder, 'landed-a', 'x'), '');
      await writeFile(join(folder, 'landed-b'), '');
      await writeFile(join(folder, 'spill'), '');

      await emptyFolder(folder, 'landed-');
      expect(await readdir(folder)).toEqual(['spill']);
      await emptyFolder(folder);
      expect(await readdir(folder)).toEqual([]);
    }));
});
