import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { FolderObjectStore } from '../../../functions/adapters/folder-object-store.ts';
import { FolderQueue } from '../../../functions/adapters/folder-queue.ts';
import { describeObjectStore } from '../../support/contracts/object-store-contract.ts';
import { describeQueue } from '../../support/contracts/queue-contract.ts';
import { redriveFolder } from '../../support/dead-letters.ts';
import { withFolder } from '../../support/engine.ts';

describe('a folder', () => {
  describeObjectStore((work) =>
    withFolder((folder) => {
      const root = join(folder, 'objects');
      return work({ store: new FolderObjectStore(root), again: new FolderObjectStore(root), folder });
    }),
  );

  describeQueue((work) =>
    withFolder(async (folder) => {
      const queue = new FolderQueue(folder);
      await work({
        queue,
        pass: (milliseconds) => sleep(milliseconds).then(() => undefined),
        deadLetters: async () => (await queue.state()).dead,
        redrive: () => redriveFolder(folder),
      });
      await queue.close();
    }),
  );

  it('finishes the write of a process that died while it replaced a text', () =>
    withFolder(async (folder) => {
      const store = new FolderObjectStore(folder);
      await mkdir(join(folder, 'runs'));
      await store.putText('runs/it', 'old');
      const { etag } = await store.getVersion('runs/it');
      await writeFile(join(folder, 'runs', `.next-it-${etag?.slice(0, 16)}`), 'of the dead');

      // what the dead one had written counts as written before
      expect(await store.replaceText('runs/it', 'mine', etag)).toBe(false);
      expect(await store.getText('runs/it')).toBe('of the dead');
      expect(await store.replaceText('runs/it', 'mine', (await store.getVersion('runs/it')).etag)).toBe(true);
      expect(await readdir(join(folder, 'runs'))).toEqual(['it']);
    }));

  it('lets go of the name that a process took for a version that had passed', () =>
    withFolder(async (folder) => {
      const store = new FolderObjectStore(folder);
      await writeFile(join(folder, '.next-it-0000000000000000'), 'too late');
      await store.putText('it', 'now');
      await store.sweepUnfinished();

      expect(await readdir(folder)).toEqual(['it']);
    }));
});
