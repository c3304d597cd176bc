import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DuckdbConnection } from '../../functions/adapters/duckdb-connection.ts';
import { type CollectProcess, dongu, newKey, startCollect } from '../support/collect-process.ts';
import { SHOP } from '../support/collector.ts';

const COUNT = 1_000;
const senderFolder = fileURLToPath(new URL('senders', import.meta.url));

interface Sent {
  readonly acknowledged: readonly string[];
  readonly failed: readonly string[];
  readonly answers: readonly {
    readonly path: string;
    readonly status: number;
    readonly isReadable: boolean;
  }[];
}

/** A process of its own with an SDK as it is published. */
async function sendWith(sender: string, ...args: readonly string[]): Promise<Sent> {
  const path = join(senderFolder, sender);
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...args], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as Sent;
}

let home: string;
let collect: CollectProcess;
let serverKey: string;
let publicKey: string;

beforeAll(async () => {
  if (!existsSync(join(senderFolder, '..', 'node_modules'))) {
    throw new Error('bring the SDKs first: npm ci --prefix test/collect');
  }
  home = await mkdtemp(join(tmpdir(), 'dongu-sdks-'));
  serverKey = await newKey(home, '--id', 'server');
  publicKey = await newKey(home, '--id', 'web', '--kind', 'public', '--origin', SHOP);
  collect = await startCollect(home);
});

afterAll(async () => {
  await collect?.stop('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

/** What lies in the lake once the queue is empty. */
async function lakeRows(select: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const connection = await DuckdbConnection.open(':memory:', {
    memoryLimit: '512MB',
    temporaryDirectory: join(home, 'spill'),
  });
  try {
    return await connection.rows(select.replaceAll('LAKE', join(home, 'lake', 'raw')));
  } finally {
    connection.close();
  }
}

describe('SDKs as they are published', () => {
  it.each([
    ['segment-node.mjs', 'segment'],
    ['rudder-node.mjs', 'rudder'],
  ])('%s sends by a change of its host', async (sender, prefix) => {
    const sent = await sendWith(sender, collect.url, serverKey, String(COUNT), prefix);

    expect(sent.failed).toEqual([]);
    expect(new Set(sent.acknowledged).size).toBe(COUNT);
  });

  it.each([
    ['standard', ['/v1/a', '/v1/g', '/v1/i', '/v1/p', '/v1/s', '/v1/t']],
    ['batching', ['/v1/b']],
  ])("Segment's browser SDK sends one by one and in batches: %s", async (strategy, paths) => {
    const sent = await sendWith(
      'segment-browser.mjs',
      ...[collect.url, publicKey, '20', `browser-${strategy}`, SHOP, strategy],
    );

    expect([...new Set(sent.answers.map(({ path }) => path))].sort()).toEqual(paths);
    expect(sent.answers.filter(({ status, isReadable }) => status !== 200 || !isReadable)).toEqual([]);
  });

  it('from a page of another origin nothing comes in', async () => {
    const sent = await sendWith(
      'segment-browser.mjs',
      ...[collect.url, publicKey, '3', 'browser-evil', 'https://evil.example', 'standard'],
    );

    expect(sent.answers.length).toBeGreaterThan(0);
    expect(sent.answers.filter(({ status, isReadable }) => status !== 403 || isReadable)).toEqual([]);
  });

  it('every acknowledged touchpoint lies in the lake once, and no key does', async () => {
    expect(await collect.stop()).toBe(0);
    expect((await dongu(home, 'land', '--once')).code).toBe(0);

    const verified = await dongu(home, 'verify');
    const kinds = await lakeRows(
      `select split_part(touchpoint_id, '-', 1) as sender, kind, cast(count(*) as integer) as n,
         cast(count(distinct touchpoint_id) as integer) as ids
       from read_parquet('LAKE/touchpoints/**/*.parquet')
       where starts_with(touchpoint_id, 'segment-') or starts_with(touchpoint_id, 'rudder-') group by all order by all`,
    );
    const browser = await lakeRows(
      `select json_extract_string(properties, '$.note') as sender, event, cast(count(*) as integer) as n
       from read_parquet('LAKE/touchpoints/**/*.parquet')
       where contains(properties, 'browser-') group by all order by all`,
    );
    const keys = await lakeRows(
      `select ingest_id from read_parquet('LAKE/items/**/*.parquet')
       where contains(payload, '${serverKey}') or contains(payload, '${publicKey}') or contains(payload, 'writeKey')`,
    );

    expect(verified).toMatchObject({ code: 0 });
    expect(kinds).toEqual(
      ['rudder', 'segment'].flatMap((sender) =>
        [
          ['alias', 1],
          ['group', 1],
          ['identify', 1],
          ['touchpoint', COUNT + 2],
        ].map(([kind, n]) => ({ sender, kind, n, ids: n })),
      ),
    );
    expect(browser).toEqual(
      ['browser-batching', 'browser-standard'].flatMap((sender) => [
        { sender, event: 'page_viewed', n: 1 },
        { sender, event: 'product_added', n: 20 },
        { sender, event: 'screen_viewed', n: 1 },
      ]),
    );
    expect(keys).toEqual([]);
  });
});
