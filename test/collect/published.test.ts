import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queryWarehouse } from '../../functions/adapters/duckdb-reader.ts';
import type { Manifest } from '../../functions/core/snapshot.ts';
import { type CollectProcess, dongu, newKey, startCollect } from '../support/collect-process.ts';
import { asBasic } from '../support/collector.ts';

let home: string;
let config: readonly string[];
let key: string;
let collect: CollectProcess;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dongu-published-'));
  const path = join(home, 'dongu.yaml');
  await writeFile(path, 'reporting: { time_zone: UTC, currency: TRY }\n');
  config = ['--config', path];
  key = await newKey(home, '--id', 'server');
  collect = await startCollect(home, ...config);
});

afterAll(async () => {
  await collect?.stop('SIGKILL');
  await rm(home, { recursive: true, force: true });
});

const message = (messageId: string, day: number, more: object): object => ({
  messageId,
  type: 'track',
  timestamp: `2026-06-${String(day).padStart(2, '0')}T09:30:00.000Z`,
  context: { library: { name: '@segment/analytics-node', version: '3.1.0' } },
  integrations: {},
  _metadata: { nodeVersion: '24.21.0', jsRuntime: 'node' },
  ...more,
});

const ordered = (messageId: string, day: number, userId: string, order_id: string, revenue: number): object =>
  message(messageId, day, {
    userId,
    event: 'Order Completed',
    properties: { order_id, revenue, currency: 'TRY', products: [] },
  });

const customers = Array.from({ length: 20 }, (_, index) => index + 1);

/** Twenty customers order once in June, twelve of them twice; one order is refunded in part. */
const orders = [
  ...customers.map((n) => ordered(`first-${n}`, n, `C-${n}`, `A-${n}`, 100.1)),
  ...customers.slice(0, 12).map((n) => ordered(`second-${n}`, n + 9, `C-${n}`, `B-${n}`, 50.25)),
  message('refund', 22, {
    userId: 'C-20',
    event: 'Order Refunded',
    properties: { order_id: 'A-20', revenue: 20, currency: 'TRY' },
  }),
];
const visits = customers.map((n) =>
  message(`visit-${n}`, n, { userId: `C-${n}`, type: 'page', name: 'Home', properties: { path: '/' } }),
);
/** The first five orders are sent again, and one is of a day that does not exist. */
const batches: readonly (readonly object[])[] = [
  orders,
  [...visits, ...orders.slice(0, 5)],
  [{ ...ordered('never', 30, 'C-1', 'A-99', 9999), timestamp: '2026-06-31T09:30:00.000Z' }],
];

/** By hand: 20 × 100.10 + 12 × 50.25 − 20.00 = 2,585.00 of 32 orders; a visit each on 20 days of one order and 12 of another. */
const published = new Map([
  ['net_revenue', '2585.00'],
  ['orders', '32'],
  ['average_order_value', '80.78'],
  ['new_customers', '20'],
  ['repeat_purchase_rate', '0.6'],
  ['active_customers', '20'],
  ['conversion_rate_visit', '1'],
  ['clv_historic', '129.25'],
  ['visits', '32'],
  ['arppu', '129.25'],
  ['purchase_frequency', '1.6'],
  // 20 of 2,605.00
  ['refund_rate', '0.007677543'],
]);

/** Its id and value of June. */
function tileOf(line: string): readonly [string, string] {
  const [id = '', , , , , month = '', value = ''] = line.split(',');
  expect(month).toBe('2026-06-01');
  return [id, value];
}

async function tableRows(select: string): Promise<readonly (readonly string[])[]> {
  const { rows } = await queryWarehouse(join(home, 'warehouse.duckdb'), `${select} order by all`);
  return rows.map((row) => Object.values(row).map(String));
}

/** As the SDKs do, the second one zipped. */
async function send(batch: readonly object[], isZipped: boolean): Promise<number> {
  const body = Buffer.from(JSON.stringify({ batch }));
  const { status } = await fetch(`${collect.url}/v1/batch`, {
    method: 'POST',
    headers: {
      authorization: asBasic(key),
      'content-type': 'application/json',
      ...(isZipped ? { 'content-encoding': 'gzip' } : {}),
    },
    body: isZipped ? gzipSync(body) : body,
  });
  return status;
}

async function untilLanded(): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { stdout } = await dongu(home, 'queue');
    if (/^\s*0\s+0\s+0\s*$/m.test(stdout)) {
      return;
    }
    await sleep(200);
  }
  throw new Error(`the queue is never empty: ${collect.output()}`);
}

it('what was sent over HTTP stands on the published page, to the kuruş', async () => {
  for (const [index, batch] of batches.entries()) {
    expect(await send(batch, index === 1)).toBe(200);
  }
  await untilLanded();
  const run = await dongu(home, ...config, 'run', '--as-of', '2026-07-01T00:00:00Z');
  expect(run, run.stderr).toMatchObject({ code: 0 });

  expect(await tableRows('select outcome, reason, count_items from ingest_ledger')).toEqual([
    ['accepted', '', '59'],
    ['duplicate', '', '5'],
    ['loaded', '', '53'],
    ['quarantined', 'invalid_time', '1'],
  ]);
  expect(await tableRows('select touchpoint_id from touchpoints')).toEqual(
    [...orders, ...visits].map((item) => [(item as { messageId: string }).messageId]).sort(),
  );
  const manifest = JSON.parse(await readFile(join(home, 'dashboards', 'manifest.json'), 'utf8')) as Manifest;
  const tiles = await readFile(
    join(home, 'dashboards', manifest.views.kpi_tiles?.files.csv.path ?? ''),
    'utf8',
  );
  expect(new Map(tiles.trim().split(/\r?\n/).slice(1).map(tileOf))).toEqual(published);
  const page = (language: string) => readFile(join(home, 'dashboards', language, 'index.html'), 'utf8');
  expect(await page('tr')).toContain('Haziran 2026: net ciro ₺2.585; sipariş sayısı 32.');
  expect(await page('en')).toContain('June 2026: net revenue ₺2,585; orders 32.');
});
