import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { FolderQueue } from '../../functions/adapters/folder-queue.ts';
import { readWriteKeys } from '../../functions/core/collect/write-keys.ts';
import { collectHandler } from '../../functions/handlers/collect.ts';
import type { HttpEvent, LambdaContext } from '../../functions/handlers/http-event.ts';
import { QuotaMeter } from '../../functions/use-cases/quota-meter.ts';
import { asBasic, keyHash } from '../support/collector.ts';
import { measure, median, peakMegabytes } from './measure.ts';

const BATCH = 50;
const KEY = 'a-key-of-the-bench';
/** Requests under way at a time, as a busy collector on one machine has them; Lambda has one. */
const SIDE_BY_SIDE = 4;

const context: LambdaContext = {
  functionName: 'collect',
  functionVersion: 'bench',
  memoryLimitInMB: '256',
  invokedFunctionArn: 'bench',
  awsRequestId: '1',
  getRemainingTimeInMillis: () => 29_000,
};

/** A batch as Segment's SDK for Node sends it, about 500 bytes an item. */
function eventOf(request: number): HttpEvent {
  const batch = Array.from({ length: BATCH }, (_, item) => ({
    timestamp: '2026-07-01T12:00:00.000Z',
    integrations: {},
    event: 'Product Added',
    type: 'track',
    properties: {
      product_id: `P-${item}`,
      price: 129.9,
      currency: 'TRY',
      category: 'Ayakkabı',
      cart_id: `c-${request}`,
    },
    context: { library: { name: '@segment/analytics-node', version: '3.1.0' }, page: { path: '/sepet' } },
    userId: `C-${(request * 7919 + item) % 100_000}`,
    messageId: `node-next-1795577964259-${request}-${item}`,
    _metadata: { nodeVersion: '24.21.0', jsRuntime: 'node' },
  }));
  return {
    version: '2.0',
    rawPath: '/v1/batch',
    rawQueryString: '',
    headers: { authorization: asBasic(KEY), 'content-type': 'application/json' },
    requestContext: { http: { method: 'POST', path: '/v1/batch' } },
    body: Buffer.from(JSON.stringify({ batch, writeKey: KEY, sentAt: '2026-07-01T12:00:00.500Z' })).toString(
      'base64',
    ),
    isBase64Encoded: true,
  };
}

async function sendAll(
  handler: ReturnType<typeof collectHandler>,
  events: readonly HttpEvent[],
): Promise<readonly number[]> {
  const milliseconds: number[] = [];
  const waiting = events.values();
  const sender = async (): Promise<void> => {
    for (const event of waiting) {
      const started = performance.now();
      const { statusCode, body } = await handler(event, context);
      milliseconds.push(performance.now() - started);
      if (statusCode !== 200) {
        throw new Error(`the collector answered ${statusCode}: ${body}`);
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, sender));
  return milliseconds.sort((a, b) => a - b);
}

interface Figures {
  readonly perCpuSecond: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU time of a request of a key over its quota, as a share of one that is taken. */
  readonly refusedShare: number;
}

const keysOf = (quota: number) =>
  readWriteKeys(
    JSON.stringify({
      keys: [
        { id: 'bench', source: 'segment', kind: 'server', key_sha256: keyHash(KEY), quota_per_minute: quota },
      ],
    }),
    'bench',
  );

function handlerOver(queue: Pick<FolderQueue, 'send'>, quota: number): ReturnType<typeof collectHandler> {
  const keys = keysOf(quota);
  return collectHandler(
    {
      queue,
      writeKeys: { list: async () => keys },
      clock: { now: () => new Date() },
      quota: new QuotaMeter(),
    },
    { logger: new Logger({ logLevel: 'WARN' }) },
  );
}

async function benchRound(events: readonly HttpEvent[]): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'dongu-bench-'));
  const queue = new FolderQueue(folder);
  let times: readonly number[] = [];
  const { cpuSeconds, wallSeconds } = await measure(async () => {
    times = await sendAll(handlerOver(queue, 1e9), events);
  });
  await queue.close();
  const kept = await countKept(folder);
  await rm(folder, { recursive: true, force: true });
  if (kept !== events.length * BATCH) {
    throw new Error(`${events.length * BATCH} touchpoints sent, ${kept} in the queue`);
  }
  const over = handlerOver({ send: async () => {} }, 1);
  const refused = await measure(() => Promise.all(events.map((event) => over(event, context))));
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
  return {
    perCpuSecond: kept / cpuSeconds,
    perSecond: kept / wallSeconds,
    p50: at(0.5),
    p99: at(0.99),
    refusedShare: refused.cpuSeconds / cpuSeconds,
  };
}

/** Touchpoints a second through the full handler into the durable folder queue, where all must lie. */
export async function benchCollect(touchpoints: number, rounds: number): Promise<void> {
  const events = Array.from({ length: Math.ceil(touchpoints / BATCH) }, (_, request) => eventOf(request));
  const figures: Figures[] = [];
  for (let round = 0; round < rounds; round += 1) {
    figures.push(await benchRound(events));
  }
  const of = (name: keyof Figures): number => median(figures.map((figure) => figure[name]));
  console.log(
    `collect ${touchpoints} in batches of ${BATCH}: ${Math.round(of('perCpuSecond'))} touchpoints per CPU second, ` +
      `${Math.round(of('perSecond'))} a second; a request ${of('p50').toFixed(1)} ms, p99 ${of('p99').toFixed(1)} ms; ` +
      `all in the queue; one over its quota costs ${(100 * of('refusedShare')).toFixed(0)} % of that; ` +
      `peak ${peakMegabytes()} MB`,
  );
}

/** Items in the segments of a folder queue, by their own lines. */
async function countKept(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8')),
  );
  return texts.reduce((sum, text) => sum + (text.match(/"messageId":"node-next-/g)?.length ?? 0), 0);
}
