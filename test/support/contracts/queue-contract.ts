import { describe, expect, it } from 'vitest';
import type { Queue } from '../../../functions/ports/queue.ts';

export interface QueueUnderTest {
  readonly queue: Queue;
  /** Lets so much time pass. */
  readonly pass: (milliseconds: number) => Promise<void>;
  readonly deadLetters: () => Promise<number>;
  readonly redrive: () => Promise<number>;
}

/** All that are free now, in as many answers as it takes. */
async function receiveAll(queue: Queue, seconds: number) {
  const all = [];
  for (;;) {
    const received = await queue.receive(10, seconds);
    if (received.length === 0) {
      return all;
    }
    all.push(...received);
  }
}

/** What every queue does. `using` gives an empty one for each test. */
export function describeQueue(using: (work: (under: QueueUnderTest) => Promise<void>) => Promise<void>) {
  const test = (name: string, work: (under: QueueUnderTest) => Promise<void>) => it(name, () => using(work));

  describe('as every queue', () => {
    test('gives each message that it took, as it was', async ({ queue }) => {
      const bodies = Array.from({ length: 25 }, (_, n) => `{"n":${n}}\n"ğ\\ud800 🛒"`);
      await Promise.all(bodies.map((body) => queue.send(body)));

      const received = await receiveAll(queue, 60);

      expect(received.map(({ body }) => body).sort()).toEqual([...bodies].sort());
      expect(received.every(({ receiveCount }) => receiveCount === 1)).toBe(true);
      expect(new Set(received.map(({ id }) => id)).size).toBe(25);
      expect(await queue.receive(10, 60)).toEqual([]);
    });

    test('gives no more than it is asked for', async ({ queue }) => {
      await Promise.all(['a', 'b', 'c'].map((body) => queue.send(body)));

      expect(await queue.receive(2, 60)).toHaveLength(2);
      expect(await queue.receive(2, 60)).toHaveLength(1);
    });

    test('hides what was received, and gives it again afterwards, under the same id', async ({
      queue,
      pass,
    }) => {
      await queue.send('a');
      const [first] = await queue.receive(10, 0.2);
      const hidden = await queue.receive(10, 0.2);
      await pass(250);
      const [second] = await queue.receive(10, 60);

      expect(hidden).toEqual([]);
      expect(second).toMatchObject({ id: first?.id, body: 'a', receiveCount: 2 });
    });

    test('never gives again what was deleted by its last receipt', async ({ queue, pass }) => {
      await Promise.all(['a', 'b'].map((body) => queue.send(body)));
      const received = await receiveAll(queue, 0.1);
      const kept = received.find(({ body }) => body === 'b');
      await queue.delete(received.filter(({ body }) => body === 'a').map(({ receipt }) => receipt));
      await queue.delete([]);
      await pass(150);

      expect(await receiveAll(queue, 60)).toMatchObject([{ id: kept?.id, body: 'b' }]);
    });

    test('puts aside what was received five times, and gives it again when it is told to', async ({
      queue,
      pass,
      deadLetters,
      redrive,
    }) => {
      await queue.send('poison');
      for (let receives = 1; receives <= 5; receives += 1) {
        expect(await queue.receive(10, 0.02)).toMatchObject([{ body: 'poison', receiveCount: receives }]);
        await pass(30);
      }
      expect(await queue.receive(10, 0.02)).toEqual([]);
      expect(await deadLetters()).toBe(1);

      expect(await redrive()).toBe(1);
      expect(await redrive()).toBe(0);
      expect(await deadLetters()).toBe(0);
      expect(await queue.receive(10, 60)).toMatchObject([{ body: 'poison', receiveCount: 1 }]);
    });
  });
}
