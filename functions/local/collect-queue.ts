import { randomBytes } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Queue } from '../ports/queue.ts';

/** SEAM for helper LANDING6: `return openFolderQueue(join(root, 'queue'))`, with the landing loop, replaces this file. */
export async function openCollectQueue(root: string): Promise<Pick<Queue, 'send'>> {
  const folder = join(root, 'queue');
  await mkdir(folder, { recursive: true });
  return {
    send: async (body) => {
      const name = randomBytes(12).toString('hex');
      const temporary = join(folder, `.writing-${name}`);
      const handle = await open(temporary, 'wx');
      try {
        await handle.writeFile(body);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, join(folder, `${name}.message`));
    },
  };
}
