import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queryWarehouse } from '../../functions/adapters/duckdb-reader.ts';
import { chanceOf } from '../support/chance.ts';
import { type CollectProcess, dongu, newKey, startCollect } from '../support/collect-process.ts';

// biome-ignore lint/style/noProcessEnv: how much is tried is chosen from outside
const isFull = process.env.DONGU_FAULTS === 'full';
const KILLS = isFull ? 20 : 3;
/** Of each kill, by both SDKs together. */
const TOUCHPOINTS = isFull ? 5_000 : 1_000;

const senderFolder = fileURLToPath(new URL('senders', import.meta.url));

interface Sent {
  readonly acknowledged: readonly string[];
}

async function sendWith(sender: string, ...args: readonly string[]): Promise<Sent> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(senderFolder, sender), ...args], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as Sent;
}

let home: string;
let key: string;
let collect: CollectProcess;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dongu-killed-'));
  key = await newKey(home, '--id', 'server', '--quota', '1000000000');
  collect = await startCollect(home);
});

afterAll(async () => {
  await collect?.stop('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

/** Both SDKs send, and in their midst the collector is killed and started again at the same port. */
async function sendThroughKill(round: number, pauseMilliseconds: number): Promise<readonly string[]> {
  const half = String(TOUCHPOINTS / 2);
  const senders = [
    sendWith('segment-node.mjs', collect.url, key, half, `segment-${round}`),
    sendWith('rudder-node.mjs', collect.url, key, half, `rudder-${round}`),
  ];
  await sleep(pauseMilliseconds);
  await collect.stop('SIGKILL');
  collect = await startCollect(home, '--port', new URL(collect.url).port);
  return (await Promise.all(senders)).flatMap(({ acknowledged }) => acknowledged);
}

it(
  `every acknowledged touchpoint of ${KILLS * TOUCHPOINTS} is there once, though the collector was killed ${KILLS} times`,
  async () => {
    const chance = chanceOf(20);
    const acknowledged: string[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      acknowledged.push(...(await sendThroughKill(round, chance.whole(100, isFull ? 1500 : 600))));
    }
    expect(await collect.stop()).toBe(0);
    const landed = await dongu(home, 'land', '--once');
    expect(landed).toMatchObject({ code: 0 });
    const verified = await dongu(home, 'verify');
    const run = await dongu(home, 'run');

    const { rows } = await queryWarehouse(
      join(home, 'warehouse.duckdb'),
      "select touchpoint_id, count(*) as n from touchpoints where event = 'product_added' group by 1",
    );
    const times = new Map(rows.map(({ touchpoint_id, n }) => [String(touchpoint_id), Number(n)]));
    const lost = acknowledged.filter((id) => !times.has(id));
    const doubled = [...times].filter(([, n]) => n > 1);
    console.log(
      `${KILLS} kills: ${acknowledged.length} touchpoints acknowledged, ${times.size} there; lost ${lost.length}, doubled ${doubled.length}`,
    );
    expect(verified, verified.stdout + verified.stderr).toMatchObject({ code: 0 });
    expect(run, run.stderr).toMatchObject({ code: 0 });
    expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    // an SDK may give up on some; but a test in which hardly anything was acknowledged would show nothing
    expect(acknowledged.length).toBeGreaterThan((KILLS * TOUCHPOINTS) / 2);
  },
  20 * 60_000,
);
