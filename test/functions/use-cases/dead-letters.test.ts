import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderDeadLetters } from '../../../functions/adapters/folder-dead-letters.ts';
import { FolderQueue } from '../../../functions/adapters/folder-queue.ts';
import { QueueError } from '../../../functions/core/errors.ts';
import {
  giveBackLetter,
  listDeadLetters,
  redriveDeadLetters,
  takeDeadLetter,
} from '../../../functions/use-cases/dead-letters.ts';
import { messageOf, request, track } from '../../support/collected-messages.ts';
import { withFolder } from '../../support/engine.ts';

const canary = 'canary.ayse@example.com';
const bodies = [
  messageOf(request(1, [track('m-1', { userId: canary }), track('m-2')])).body,
  messageOf(request(2, [track('m-3')])).body,
  `broken ${canary}`,
];

/** Three that died: `a` and `b` can be read, `c` cannot. */
const withDead = (work: (letters: FolderDeadLetters, folder: string) => Promise<void>) =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'dead'));
    await Promise.all(
      ['a', 'b', 'c'].map((id, n) => writeFile(join(folder, 'dead', `${id}.message`), bodies[n] ?? '')),
    );
    const letters = new FolderDeadLetters(folder);
    await work(letters, folder);
    await letters.close();
  });

const waiting = async (folder: string): Promise<readonly string[]> =>
  (await new FolderQueue(folder).receive(10, 60)).map(({ body }) => body).sort();

describe('dead letters', () => {
  it('are listed with all but what was sent', () =>
    withDead(async (letters) => {
      const listed = await listDeadLetters(letters);

      expect(listed).toMatchObject([
        { id: 'a', source: 'segment', items: 2, bytes: Buffer.byteLength(bodies[0] ?? '') },
        { id: 'b', source: 'segment', items: 1 },
        { id: 'c', damage: 'damaged_header' },
      ]);
      expect(JSON.stringify(listed)).not.toContain(canary);
      expect(await letters.state()).toEqual({ waiting: 0, inFlight: 0, dead: 3 });
    }));

  it('are sent again one by one or all, once each', () =>
    withDead(async (letters, folder) => {
      expect(await redriveDeadLetters(letters, 'b')).toBe(1);
      expect(await letters.state()).toEqual({ waiting: 1, inFlight: 0, dead: 2 });
      expect(await redriveDeadLetters(letters)).toBe(2);
      expect(await redriveDeadLetters(letters)).toBe(0);

      expect(await waiting(folder)).toEqual([...bodies].sort());
    }));

  it('are taken out once they are kept, and not where they cannot be', () =>
    withDead(async (letters, folder) => {
      const kept: string[] = [];
      const full = takeDeadLetter(letters, 'a', () => Promise.reject(new Error('the disk is full')));
      await expect(full).rejects.toThrow('the disk is full');
      expect(await letters.state()).toMatchObject({ dead: 3 });

      await takeDeadLetter(letters, 'a', async (body) => void kept.push(body));

      expect(kept).toEqual([bodies[0]]);
      expect(await letters.state()).toEqual({ waiting: 0, inFlight: 0, dead: 2 });
      await giveBackLetter(letters, kept[0] ?? '');
      expect(await waiting(folder)).toEqual(kept);
    }));

  it('that nobody could read are not given back, and one that is not there is told', () =>
    withDead(async (letters) => {
      await expect(giveBackLetter(letters, bodies[2] ?? '')).rejects.toThrow(/damaged_header/);
      await expect(redriveDeadLetters(letters, 'x')).rejects.toThrow(QueueError);
      await expect(takeDeadLetter(letters, 'x', async () => {})).rejects.toThrow('there is no dead letter x');
    }));
});
