import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { FolderQueue } from '../../functions/adapters/folder-queue.ts';
import { readWriteKeys } from '../../functions/core/collect/write-keys.ts';
import { collectHandler } from '../../functions/handlers/collect.ts';
import type { HttpEvent } from '../../functions/handlers/http-event.ts';
import { QuotaMeter } from '../../functions/use-cases/quota-meter.ts';
import { asBasic, keyHash, lambdaContext } from '../support/collector.ts';
import { measure, median, peakMegabytes } from './measure.ts';

const BATCH = 50;
const KEY = 'a-key-of-the-bench';
/** Requests under way at a time, as a busy collector on one machine has them; Lambda has one. */
const SIDE_BY_SIDE = 4;

/** A batch as Segment's SDK for Node sends it, about 500 bytes an item. */
function eventOf(request: number, key = KEY): HttpEvent {
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
    headers: { authorization: asBasic(key), 'content-type': 'application/json' },
    requestContext: { http: { method: 'POST', path: '/v1/batch' } },
    body: Buffer.from(JSON.stringify({ batch, writeKey: key, sentAt: '2026-07-01T12:00:00.500Z' })).toString(
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
      const { statusCode, body } = await handler(event, lambdaContext);
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
        {
          id: 'loud',
          source: 'segment',
          kind: 'server',
          key_sha256: keyHash(LOUD_KEY),
          quota_per_minute: LOUD_QUOTA,
        },
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
  const refused = await measure(() => Promise.all(events.map((event) => over(event, lambdaContext))));
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

const LOUD_KEY = 'a-key-over-its-quota';
/** Items a minute: what a key of a page may send by default. */
const LOUD_QUOTA = 60_000;
const FLOOD = 20;
const LOUD_REQUESTS = (FLOOD * LOUD_QUOTA) / 60 / BATCH;
const QUIET_REQUESTS_A_SECOND = 50;
const SECONDS = 10;

/** Sends at a steady pace, whether or not earlier ones are answered; the milliseconds of those that began after `from` seconds. */
async function sendPaced(
  handler: ReturnType<typeof collectHandler>,
  event: HttpEvent,
  { aSecond, from = 0 }: { readonly aSecond: number; readonly from?: number },
): Promise<{ readonly milliseconds: readonly number[]; readonly statuses: readonly number[] }> {
  const started = performance.now();
  const milliseconds: number[] = [];
  const statuses: number[] = [];
  const answers: Promise<void>[] = [];
  const one = async (due: number): Promise<void> => {
    const { statusCode } = await handler(event, lambdaContext);
    statuses.push(statusCode);
    // from when it should have begun: what waits for the process counts
    if (due - started >= from * 1000) milliseconds.push(performance.now() - due);
  };
  for (let sent = 0; sent < aSecond * SECONDS; sent += 1) {
    const due = started + (sent * 1000) / aSecond;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    answers.push(one(due));
  }
  await Promise.all(answers);
  return { milliseconds: milliseconds.sort((a, b) => a - b), statuses };
}

/** The other key's milliseconds, alone or beside the one over its quota; every item that was taken is in the queue. */
async function neighbourRound(isFlooded: boolean): Promise<readonly number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'dongu-bench-'));
  const queue = new FolderQueue(folder);
  const handler = handlerOver(queue, 1e9);
  const flood = isFlooded ? sendPaced(handler, eventOf(2, LOUD_KEY), { aSecond: LOUD_REQUESTS }) : undefined;
  // by then the quota of the minute is used up
  const from = LOUD_QUOTA / (LOUD_REQUESTS * BATCH) + 1;
  const quiet = await sendPaced(handler, eventOf(1), { aSecond: QUIET_REQUESTS_A_SECOND, from });
  const loud = (await flood)?.statuses ?? [];
  await queue.close();
  const kept = await countKept(folder);
  await rm(folder, { recursive: true, force: true });
  const taken = [...quiet.statuses, ...loud].filter((status) => status === 200).length;
  if (quiet.statuses.some((status) => status !== 200) || kept !== taken * BATCH) {
    throw new Error(`${taken} requests were taken, and ${kept} touchpoints are in the queue`);
  }
  return quiet.milliseconds;
}

/** What a key at twenty times its quota costs another one: p50 and p99 of that with and without it, in turn. */
export async function benchNeighbours(rounds: number): Promise<void> {
  const [alone, beside]: [(readonly number[])[], (readonly number[])[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    alone.push(await neighbourRound(false));
    beside.push(await neighbourRound(true));
  }
  const at = (all: readonly (readonly number[])[], share: number): string =>
    median(all.map((times) => times[Math.floor(times.length * share)] ?? Number.NaN)).toFixed(1);
  console.log(
    `neighbours: ${QUIET_REQUESTS_A_SECOND} requests of ${BATCH} a second of one key, alone ${at(alone, 0.5)} ms, p99 ${at(alone, 0.99)} ms; ` +
      `beside a key at ${FLOOD} times its quota (${LOUD_REQUESTS} requests a second) ${at(beside, 0.5)} ms, p99 ${at(beside, 0.99)} ms; none of it lost`,
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
