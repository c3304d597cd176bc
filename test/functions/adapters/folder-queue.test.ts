import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderQueue } from '../../../functions/adapters/folder-queue.ts';
import { readRecords, recordBytes } from '../../../functions/adapters/queue-segment.ts';
import { redriveFolder } from '../../support/dead-letters.ts';
import { withFolder } from '../../support/engine.ts';

const bodiesOf = async (queue: FolderQueue, max = 1000, seconds = 60): Promise<readonly string[]> =>
  (await queue.receive(max, seconds)).map(({ body }) => body).sort();

const filesOf = (folder: string): Promise<readonly string[]> => readdir(join(folder, 'segments'));

const idOf = (number: number): string => number.toString(16).padStart(32, '0');

async function writeSegment(folder: string, bytes: Buffer): Promise<void> {
  await mkdir(join(folder, 'segments'), { recursive: true });
  // of a process that is long gone
  await writeFile(join(folder, 'segments', `999999999-${'0'.repeat(16)}-1.open`), bytes);
}

describe('a queue in a folder', () => {
  it('gives what it got, in another process too, whatever characters it is made of', () =>
    withFolder(async (folder) => {
      const sender = new FolderQueue(folder);
      const bodies = ['', 'line\nline\n', 'ğüşiöç 🛒', '1 2 3\n', 'x'.repeat(1_000_000)];
      await Promise.all(bodies.map((body) => sender.send(body)));

      expect(await bodiesOf(new FolderQueue(folder))).toEqual([...bodies].sort());
      await sender.close();
      expect(await bodiesOf(new FolderQueue(folder))).toEqual([...bodies].sort());
    }));

  it('hides what was received, and gives it again when the time is over, with its count', () =>
    withFolder(async (folder) => {
      const queue = new FolderQueue(folder);
      await queue.send('a');

      const [first] = await queue.receive(10, 0.05);
      const hidden = await queue.receive(10, 0.05);
      await new Promise((resolve) => setTimeout(resolve, 60));
      const [second] = await queue.receive(10, 60);

      expect([first?.receiveCount, hidden, second?.receiveCount]).toEqual([1, [], 2]);
      expect(second).toMatchObject({ id: first?.id, body: 'a' });
    }));

  it('never gives again what was deleted, after a restart neither, and keeps no file of it', () =>
    withFolder(async (folder) => {
      const sender = new FolderQueue(folder);
      await Promise.all(['a', 'b', 'c'].map((body) => sender.send(body)));
      await sender.close();
      const queue = new FolderQueue(folder);
      const messages = await queue.receive(10, 60);
      await queue.delete(messages.filter(({ body }) => body !== 'b').map(({ receipt }) => receipt));

      const restarted = new FolderQueue(folder);
      const left = await restarted.receive(10, 60);
      expect(left.map(({ body, receiveCount }) => [body, receiveCount])).toEqual([['b', 2]]);
      await restarted.delete([...left.map(({ receipt }) => receipt), 'no such message']);
      expect(await filesOf(folder)).toEqual([]);
    }));

  it('lets go of its own segment when nothing is sent for a while', () =>
    withFolder(async (folder) => {
      const queue = new FolderQueue(folder);
      await queue.send('a');
      await queue.delete((await queue.receive(1, 60)).map(({ receipt }) => receipt));

      await expect
        .poll(
          async () => {
            await queue.receive(1, 60);
            return filesOf(folder);
          },
          { timeout: 5000 },
        )
        .toEqual([]);
      await queue.send('b');
      expect(await bodiesOf(queue)).toEqual(['b']);
    }));
});

describe('dead letters', () => {
  it('are what was received five times; redriven they come again', () =>
    withFolder(async (folder) => {
      await new FolderQueue(folder).send('poison');
      for (let receives = 1; receives <= 5; receives += 1) {
        // a restart each time: the count is in the files
        const [message] = await new FolderQueue(folder).receive(10, 60);
        expect(message?.receiveCount).toBe(receives);
      }
      const queue = new FolderQueue(folder);
      expect(await queue.receive(10, 60)).toEqual([]);
      expect(await queue.state()).toEqual({ waiting: 0, inFlight: 0, dead: 1 });

      expect(await redriveFolder(folder)).toBe(1);

      expect(await queue.state()).toEqual({ waiting: 1, inFlight: 0, dead: 0 });
      expect(await queue.receive(10, 60)).toMatchObject([{ body: 'poison', receiveCount: 1 }]);
      expect(await queue.state()).toEqual({ waiting: 0, inFlight: 1, dead: 0 });
    }));
});

describe('a crash', () => {
  it('that cuts a segment off at any byte leaves the whole messages before it', () =>
    withFolder(async (folder) => {
      const bodies = ['first', 'second\nline', 'third'];
      const records = bodies.map((body, index) => recordBytes(idOf(index), body));
      const all = Buffer.concat(records);
      for (let bytes = 0; bytes <= all.length; bytes += 1) {
        const own = join(folder, String(bytes));
        await writeSegment(own, all.subarray(0, bytes));
        let end = 0;
        const whole = bodies.filter((_, index) => {
          end += records[index]?.length ?? 0;
          return end <= bytes;
        });

        expect(await bodiesOf(new FolderQueue(own))).toEqual(whole.sort());
      }
    }));

  it('that leaves other bytes at the end of a segment leaves no message made of them', () =>
    withFolder(async (folder) => {
      const record = recordBytes(idOf(1), 'whole');
      const damaged = Buffer.from(recordBytes(idOf(2), 'damaged'));
      damaged[damaged.length - 3] = 0;
      await writeSegment(folder, Buffer.concat([record, damaged]));

      expect(await bodiesOf(new FolderQueue(folder))).toEqual(['whole']);
    }));

  it('that cuts the journal off makes a message come again, at most', () =>
    withFolder(async (folder) => {
      const sender = new FolderQueue(folder);
      await Promise.all(['a', 'b'].map((body) => sender.send(body)));
      await sender.close();
      const queue = new FolderQueue(folder);
      const messages = await queue.receive(10, 60);
      await queue.delete(messages.slice(0, 1).map(({ receipt }) => receipt));
      const name = (await filesOf(folder)).find((file) => file.endsWith('.seen')) ?? '';
      const journal = join(folder, 'segments', name);
      const text = await readFile(journal, 'utf8');
      for (let bytes = 0; bytes <= text.length; bytes += 1) {
        await writeFile(journal, text.slice(0, bytes));
        const restarted = new FolderQueue(folder);
        const given = await restarted.receive(10, 60);
        expect(given.map(({ body }) => body)).toContain(messages[1]?.body);
      }
      await appendFile(journal, '\nD ');
      const last = new FolderQueue(folder);
      const rest = await last.receive(10, 60);
      await last.delete(rest.map(({ receipt }) => receipt));
      expect(await filesOf(folder)).toEqual([]);
    }));

  it('by SIGKILL loses no message whose send had resolved', () =>
    withFolder(async (folder) => {
      const acknowledged: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        acknowledged.push(...(await sendUntilKilled(folder, round)));
      }

      const given = new Set<string>();
      const queue = new FolderQueue(folder);
      for (let messages = await queue.receive(1000, 60); messages.length > 0; ) {
        for (const { body } of messages) {
          given.add(body);
        }
        await queue.delete(messages.map(({ receipt }) => receipt));
        messages = await queue.receive(1000, 60);
      }
      expect(acknowledged.length).toBeGreaterThan(100);
      expect(acknowledged.filter((body) => !given.has(body))).toEqual([]);
      expect(await filesOf(folder)).toEqual([]);
    }));
});

describe('a segment', () => {
  it('holds the same records whatever part of it is read at a time', () =>
    withFolder(async (folder) => {
      const bodies = ['', 'a', 'second\nline', 'x'.repeat(300), 'ğüşiöç', ''];
      const all = Buffer.concat(bodies.map((body, index) => recordBytes(idOf(index), body)));
      const torn = Buffer.from(all);
      torn[all.length - 60] = 0;
      for (const bytes of [all, torn, all.subarray(0, -1), all.subarray(0, -70)]) {
        const path = join(folder, 'segment');
        await writeFile(path, bytes);
        const whole = await readRecords(path, 0, bytes.length);
        expect(whole.records.length).toBeGreaterThan(bytes === all ? 5 : 2);
        for (const blockBytes of [1, 7, 45, 64, 65, 100, 350, 400, 100_000]) {
          expect(await readRecords(path, 0, blockBytes)).toEqual(whole);
        }
      }
    }));
});

/** Another process sends until it is killed in the midst of it; answers what it had been told is safe. */
async function sendUntilKilled(folder: string, round: number): Promise<readonly string[]> {
  const script = `
    import { FolderQueue } from '${new URL('../../../functions/adapters/folder-queue.ts', import.meta.url).pathname}';
    import { writeSync } from 'node:fs';
    const queue = new FolderQueue(process.argv[1]);
    for (let n = 0; ; n += 50) {
      await Promise.all(Array.from({ length: 50 }, async (_, i) => {
        const body = 'r${round}-' + (n + i);
        await queue.send(body);
        writeSync(1, body + '\\n');
      }));
    }`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (text.length > 3000) {
      child.kill('SIGKILL');
    }
  });
  await once(child, 'close');
  return text.split('\n').slice(0, -1);
}
