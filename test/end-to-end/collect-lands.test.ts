import { createHmac } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DuckdbConnection } from '../../functions/adapters/duckdb-connection.ts';
import { type CollectProcess, dongu, newKey, startCollect } from '../support/collect-process.ts';
import { asBasic, SHOP } from '../support/collector.ts';

const loyalty = `source: loyalty
version: 1
description: Points earned in the loyalty app.
format: ndjson
lawful_basis: contract
columns:
  card: { required: true }
  at: { required: true }
key: [card, at]
yields: [touchpoints]
`;
const loyaltySelect = `select ingest_id, 'loyalty_points_earned' as event, "at" as occurred_at, card as loyalty_id
from source_rows
`;

/** Items that have broken collectors and lakes; each says what becomes of it. */
const strangeItems: readonly (readonly [json: string, outcome: string])[] = [
  [
    '{"type":"track","messageId":"../../etc/passwd","userId":"/etc/passwd","event":"A","timestamp":"2026-07-01T12:00:00Z"}',
    'loaded',
  ],
  [
    '{"type":"track","messageId":"_hidden","userId":".hidden","event":"A","timestamp":"2026-07-01T12:00:00Z"}',
    'loaded',
  ],
  [
    '{"type":"track","messageId":"\'; drop table touchpoints; --","userId":"u","event":"A","timestamp":"2026-07-01T12:00:00Z"}',
    'loaded',
  ],
  [
    '{"type":"track","messageId":"=1+1","userId":"=HYPERLINK(\\"x\\")","event":"+A","timestamp":"2026-07-01T12:00:00Z"}',
    'loaded',
  ],
  [
    '{"type":"track","messageId":"large","userId":"u","event":"A","properties":{"n":9007199254740993},"timestamp":"2026-07-01T12:00:00Z"}',
    'loaded',
  ],
  [
    '{"type":"track","messageId":"proto","userId":"u","event":"A","properties":{"__proto__":{"a":1}},"timestamp":"2026-07-01T12:00:00Z"}',
    'loaded',
  ],
  [
    '{"type":"track","messageId":"turkish","userId":"u","event":"İNDİRİM Kullanıldı","timestamp":"2026-07-01T12:00:00Z"}',
    'loaded',
  ],
  [
    '{"type":"track","messageId":"february","userId":"u","event":"A","timestamp":"2024-02-30T12:00:00Z"}',
    'quarantined',
  ],
  [
    '{"type":"purchase","messageId":"type","userId":"u","event":"A","timestamp":"2026-07-01T12:00:00Z"}',
    'quarantined',
  ],
  ['{"type":"track","messageId":"nobody","event":"A","timestamp":"2026-07-01T12:00:00Z"}', 'quarantined'],
  ['{}', 'quarantined'],
];
/** Accepted, and one of the two in the end: engines differ in what they make of them. */
const doubtfulItems = [
  '{"type":"track","messageId":"\\ud800","userId":"u","event":"A","timestamp":"2026-07-01T12:00:00Z"}',
  '{"type":"track","messageId":"nul","userId":"a\\u0000b","event":"A","timestamp":"2026-07-01T12:00:00Z"}',
  '{"type":"track","messageId":"twice","messageId":"once","userId":"u","event":"A","timestamp":"2026-07-01T12:00:00Z"}',
  '{"type":"track","messageId":"huge","userId":"u","event":"A","properties":{"n":1e999},"timestamp":"2026-07-01T12:00:00Z"}',
];

let folder: string;
let home: string;
let config: string;
let collect: CollectProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dongu-collect-lands-'));
  home = join(folder, 'home');
  config = join(folder, 'dongu.yaml');
  await mkdir(join(folder, 'sources'));
  await writeFile(config, '');
  await writeFile(join(folder, 'sources', 'loyalty.yml'), loyalty);
  await writeFile(join(folder, 'sources', 'loyalty.sql'), loyaltySelect);
});

afterEach(async () => {
  await collect?.stop('SIGKILL');
  collect = undefined;
  await rm(folder, { recursive: true, force: true });
});

const post = (path: string, body: string, headers: Record<string, string>) =>
  fetch(`${collect?.url}${path}`, { method: 'POST', headers, body, redirect: 'manual' });

async function lakeRows(select: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const connection = await DuckdbConnection.open(':memory:', {
    memoryLimit: '512MB',
    temporaryDirectory: join(folder, 'spill'),
  });
  try {
    return await connection.rows(select.replaceAll('LAKE', join(home, 'lake')));
  } finally {
    connection.close();
  }
}

describe('what dongu collect takes', () => {
  it('is found again, each item once: loaded, or in quarantine with a reason', async () => {
    const server = await newKey(home, '--id', 'server');
    const web = await newKey(home, '--kind', 'public', '--origin', SHOP, '--redirect', `${SHOP}/thanks`);
    const { stdout } = await dongu(
      home,
      '--config',
      config,
      'collect',
      'keys',
      'new',
      '--source',
      'loyalty',
      '--kind',
      'webhook',
      '--id',
      'app',
    );
    collect = await startCollect(home, '--config', config, '--no-land');

    const items = [...strangeItems.map(([json]) => json), ...doubtfulItems];
    const batch = await post('/v1/batch', `{"batch":[${items.join(',')}]}`, {
      authorization: asBasic(server),
    });
    const form = await post(
      '/v1/form/Lead%20Created',
      `writeKey=${web}&email=ayse%40example.com&message=Merhaba`,
      {
        origin: SHOP,
        'content-type': 'application/x-www-form-urlencoded',
      },
    );
    const points =
      '[{"card":"L-77","at":"2026-07-01T12:00:00Z"},{"card":"L-78","at":"2026-07-01T12:00:00Z"}]';
    const now = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', stdout.trim()).update(`${now}.${points}`).digest('hex');
    const webhook = await post('/v1/webhook/app', points, {
      'x-dongu-timestamp': now,
      'x-dongu-signature': `v1=${signature}`,
    });
    await collect.stop();

    expect([batch.status, form.status, webhook.status]).toEqual([200, 303, 202]);
    expect(await batch.json()).toEqual({ success: true });
    expect((await dongu(home, '--config', config, 'land', '--once')).code).toBe(0);
    const verified = await dongu(home, '--config', config, 'verify');
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
    expect(verified.stdout).toMatch(/loyalty +2 +2 +0 +0 +0 +0/);
    expect(verified.stdout).toMatch(new RegExp(`segment +${items.length + 1} .* 0$`, 'm'));

    const loaded = await lakeRows(
      "select touchpoint_id from read_parquet('LAKE/raw/touchpoints/**/*.parquet')",
    );
    const ids = loaded.map(({ touchpoint_id: id }) => id);
    for (const [json, outcome] of strangeItems) {
      const { messageId } = JSON.parse(json) as { messageId?: string };
      expect(ids.includes(messageId), json).toBe(outcome === 'loaded');
    }
    expect(
      await lakeRows(
        "select distinct reason from read_parquet('LAKE/quarantine/**/*.parquet') where reason is null",
      ),
    ).toEqual([]);
    const clear = await lakeRows(
      "select payload from read_parquet('LAKE/raw/items/**/*.parquet') where contains(payload, 'ayse') or contains(payload, 'Merhaba')",
    );
    expect(clear).toEqual([]);
  });
});
