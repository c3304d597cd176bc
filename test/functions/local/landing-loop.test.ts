import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { silentTelemetry } from '../../../functions/adapters/console-telemetry.ts';
import { FolderQueue } from '../../../functions/adapters/folder-queue.ts';
import { loadFacts, loadSource } from '../../../functions/adapters/project-files.ts';
import { runLandingLoop } from '../../../functions/local/landing-loop.ts';
import type { Queue } from '../../../functions/ports/queue.ts';
import { verifyLake } from '../../../functions/use-cases/verify-lake.ts';
import { messageOf, request, track } from '../../support/collected-messages.ts';
import { redriveFolder } from '../../support/dead-letters.ts';
import { withFolder } from '../../support/engine.ts';
import { TestLake } from '../../support/test-lake.ts';

async function landOnce(lake: TestLake, queue: Queue, signal = new AbortController().signal) {
  const warnings: string[] = [];
  const telemetry = { ...silentTelemetry, warn: (text: string) => warnings.push(text) };
  const loadOne = (name: string) => loadSource(name, lake.folder);
  const ports = {
    landing: await lake.landing(),
    store: lake.store,
    telemetry,
    loadSource: loadOne,
    facts: await loadFacts(),
  };
  const totals = await runLandingLoop({
    queue,
    ports,
    telemetry,
    tidy: async () => {},
    signal,
    isOnce: true,
  });
  return { totals, warnings };
}

describe('the landing loop', () => {
  it('lands all that can be, and lets a message that cannot be landed go after five receives', () =>
    withFolder(async (folder) => {
      const lake = await TestLake.open(folder);
      const queue = new FolderQueue(join(folder, 'queue'));
      const good = Array.from({ length: 30 }, (_, n) => request(n, [track(`m-${n}`)]));
      const bad = request(99, [track('bad')], { source: 'nowhere' });
      await Promise.all([...good, bad].map((each) => queue.send(messageOf(each).body)));

      await queue.close();
      const told: string[] = [];
      let items = 0;
      // started anew, it does not wait until what failed comes again
      for (let starts = 0; starts < 7; starts += 1) {
        const { totals, warnings } = await landOnce(lake, new FolderQueue(join(folder, 'queue')));
        told.push(...warnings);
        items += totals.items;
      }

      expect(items).toBe(30);
      expect(told).toHaveLength(5);
      expect(await queue.state()).toEqual({ waiting: 0, inFlight: 0, dead: 1 });
      expect(await lake.ledger()).toMatchObject([{ accepted: 30, loaded: 30, unaccounted: 0 }]);

      // the source is there at last
      await redriveFolder(join(folder, 'queue'));
      const again = await landOnce(lake, {
        send: (body) => queue.send(body),
        delete: (receipts) => queue.delete(receipts),
        receive: async (max) =>
          (await queue.receive(max, 60)).map((message) => ({
            ...message,
            body: message.body.replace('"nowhere"', '"segment"'),
          })),
      });
      expect(again.totals).toMatchObject({ items: 1, failed: 0 });
      expect(await queue.state()).toEqual({ waiting: 0, inFlight: 0, dead: 0 });
      expect(await verifyLake(lake.store)).toEqual([]);
      await queue.close();
    }));

  it('that fails ends only when no batch is in work any more', () =>
    withFolder(async (folder) => {
      const lake = await TestLake.open(folder);
      const queue = new FolderQueue(join(folder, 'queue'));
      await queue.send(messageOf(request(1, [track('m-1')])).body);
      let receives = 0;

      // the first batch is landing when another receive fails
      const ended = landOnce(lake, {
        send: (body) => queue.send(body),
        delete: (receipts) => queue.delete(receipts),
        receive: async (max, seconds) => {
          receives += 1;
          if (receives === 2) {
            throw new Error('the queue is away');
          }
          return receives === 1 ? queue.receive(max, seconds) : [];
        },
      });
      await expect(ended).rejects.toThrow('the queue is away');

      const left = { receives, objects: await lake.store.list('lake'), state: await queue.state() };
      await sleep(500);
      expect({ receives, objects: await lake.store.list('lake'), state: await queue.state() }).toEqual(left);
      await queue.close();
    }));
});
