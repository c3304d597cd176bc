import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { FolderFileSink } from '../../functions/adapters/folder-file-sink.ts';
import { FolderQueue } from '../../functions/adapters/folder-queue.ts';
import { writeCollected } from '../../functions/core/collected-request.ts';
import { ulid } from '../../functions/core/identifiers.ts';
import { defaultSimulation, simulateStore } from '../../functions/use-cases/simulate-store.ts';
import { chanceOf } from '../support/chance.ts';
import { measure, median, seconds } from './measure.ts';

const ITEMS_OF_REQUEST = 50;
const SENT_AT_ONCE = 500;
/** What the whole process may take, DuckDB, Node and the mapped files of both together. */
const LIMIT_MEGABYTES = 512;

interface Landed {
  readonly items: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMegabytes: number;
}

/** Messages of 50 touchpoints into the folder queue, and from there into the lake in batches of 5,000, under 512 MB. */
export async function benchLand(lines: number, rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dongu-bench-'));
  try {
    await simulateStore(
      { ...defaultSimulation, seed: 11, pure: true, touchpoints: lines },
      new FolderFileSink(join(folder, 'files')),
    );
    const config = join(folder, 'dongu.yaml');
    await writeFile(config, `engine: { memory_limit: ${LIMIT_MEGABYTES}MB }\n`);
    const [rates, landings]: [number[], Landed[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const home = join(folder, `home-${round}`);
      rates.push(await fill(join(folder, 'files', 'segment.ndjson'), join(home, 'queue')));
      landings.push(await landIn(home, config));
    }
    const items = landings[0]?.items ?? 0;
    const cpu = median(landings.map(({ cpuSeconds }) => cpuSeconds));
    const peak = Math.max(...landings.map(({ peakMegabytes }) => peakMegabytes));
    const wall = median(landings.map(({ wallSeconds }) => wallSeconds));
    console.log(
      `  queue: ${Math.round(median(rates))} messages a second of ${ITEMS_OF_REQUEST} touchpoints each, each flushed to the disk`,
    );
    console.log(
      `  land: ${items} touchpoints in ${seconds(wall)}, ${Math.round(items / wall)} a second; ` +
        `${seconds(cpu)} CPU, ${Math.round((2 * items) / cpu)} a second of two whole cores; ` +
        `peak memory ${peak} MB`,
    );
    if (peak > LIMIT_MEGABYTES) {
      console.log(`  land: more than the ${LIMIT_MEGABYTES} MB that its process may take`);
      process.exitCode = 1;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Answers messages a second of wall time. */
async function fill(path: string, queueFolder: string): Promise<number> {
  const queue = new FolderQueue(queueFolder);
  let [messages, spent] = [0, 0];
  let bodies: string[] = [];
  const send = async () => {
    const { wallSeconds } = await measure(() => Promise.all(bodies.map((body) => queue.send(body))));
    spent += wallSeconds;
    messages += bodies.length;
    bodies = [];
  };
  let items: string[] = [];
  const start = Date.parse('2026-07-01T00:00:00Z');
  const chance = chanceOf(7);
  for await (const line of createInterface({ input: createReadStream(path) })) {
    items.push(line);
    if (items.length === ITEMS_OF_REQUEST) {
      const receivedAt = new Date(start + messages + bodies.length);
      const requestId = ulid(receivedAt, () => chance.whole(0, 31));
      bodies.push(writeCollected({ requestId, source: 'segment', receivedAt, items }));
      items = [];
      await (bodies.length === SENT_AT_ONCE ? send() : undefined);
    }
  }
  await send();
  await queue.close();
  return messages / spent;
}

async function landIn(home: string, config: string): Promise<Landed> {
  const worker = new URL('land-worker.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [worker, home, config]);
  return JSON.parse(stdout) as Landed;
}
