import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@aws-lambda-powertools/logger';
import { collectHandler } from '../../functions/handlers/collect.ts';
import type { Queue } from '../../functions/ports/queue.ts';
import { QuotaMeter } from '../../functions/use-cases/quota-meter.ts';
import { eventOf, lambdaContext, serverKey, writeKeys } from './collector.ts';

// Touchpoints of which it is known beforehand what becomes of each: their number says all of them.

const REQUEST_ITEMS = 50;
const SIDE_BY_SIDE = 32;
const DAY = 86_400_000;
const FIRST_DAY = Date.parse('2025-06-01T00:00:00Z');
/** Between the first receipt and the last. */
const SPAN_DAYS = 400;

/** Of each hundred touchpoints, in an order that goes to and fro. */
const ORIGINALS = 93;
const DUPLICATES = 5;
const LATE = 10;
const STRIDE = 37;

export interface Plan {
  /** A multiple of 5,000. */
  readonly items: number;
  /** Days on which something is received, spread over all. */
  readonly days: number;
}

/** What the lake and the tables must hold, counted as it is sent and by nothing else. */
export interface Known {
  items: number;
  originals: number;
  duplicates: number;
  late: number;
  readonly quarantined: Record<string, number>;
  /** Originals by UTC day on which they happened. */
  readonly byDay: Map<string, number>;
  /** Sum over the originals of when each was received first, in milliseconds. */
  received: bigint;
  amounts: bigint;
  longestGapDays: number;
  /** As the answers say. */
  acknowledged: number;
  refused: number;
}

/** Bad in ways that landing tells, each with its reason. */
const malformed: readonly (readonly [reason: string, item: (number: number) => string])[] = [
  ['invalid_time', (n) => JSON.stringify({ ...fields(`bad-${n}`, n), timestamp: '2025-02-30T10:00:00Z' })],
  [
    'time_out_of_range',
    (n) => JSON.stringify({ ...fields(`bad-${n}`, n), timestamp: '1969-12-31T23:59:59Z' }),
  ],
  ['missing_event', (n) => JSON.stringify({ ...fields(`bad-${n}`, n), event: undefined })],
  ['no_identifier', (n) => JSON.stringify({ ...fields(`bad-${n}`, n), userId: undefined })],
  ['unknown_type', (n) => JSON.stringify({ ...fields(`bad-${n}`, n), type: 'poke' })],
  [
    'invalid_amount',
    (n) => JSON.stringify({ ...fields(`bad-${n}`, n), properties: { revenue: '1.234,50' } }),
  ],
  ['invalid_currency', (n) => JSON.stringify({ ...fields(`bad-${n}`, n), properties: { currency: 'lira' } })],
  ['invalid_json', (n) => JSON.stringify(fields(`bad-${n}`, n)).replace('"Product Added"', '"\\ud800"')],
];

const fields = (id: string, number: number) => ({
  type: 'track',
  messageId: id,
  userId: `C-${number % 10_007}`,
  event: 'Product Added',
  timestamp: '2025-01-01T00:00:00.000Z',
  properties: { product_id: `P-${number % 500}`, revenue: (number % 1000) / 100 },
});

interface Original {
  readonly text: string;
  readonly happened: Date;
  readonly isLate: boolean;
  readonly receivedAt: Date;
}

export function sending({ items, days }: Plan) {
  const requests = items / REQUEST_ITEMS;
  const ofDay = Math.ceil(requests / days);
  const receivedAt = (request: number): Date => {
    const day = Math.floor(request / ofDay);
    const lastDay = Math.floor((requests - 1) / ofDay);
    const start = FIRST_DAY + Math.round((day * SPAN_DAYS) / lastDay) * DAY;
    return new Date(start + Math.floor(((request % ofDay) * (DAY - 1)) / ofDay));
  };
  const slotOf = (position: number): number => (position * STRIDE) % 100;
  /** Where in all that is sent the n-th original is. */
  const positionOf = (original: number): number => {
    const block = Math.floor(original / ORIGINALS) * 100;
    return block + (positionsInBlock[original % ORIGINALS] ?? 0);
  };
  const positionsInBlock = Array.from({ length: 100 }, (_, position) => position).filter(
    (position) => slotOf(position) < ORIGINALS,
  );
  const original = (number: number): Original => {
    const position = positionOf(number);
    const received = receivedAt(Math.floor(position / REQUEST_ITEMS));
    const isLate = slotOf(position) < LATE;
    // up to thirty days late, or some seconds
    const delay = isLate ? DAY + (number % 29) * DAY + (number % 1000) : 1 + (number % 60_000);
    const happened = new Date(received.getTime() - delay);
    const item = { ...fields(`e-${number}`, number), timestamp: happened.toISOString() };
    return { text: JSON.stringify(item), happened, isLate, receivedAt: received };
  };
  return { requests, receivedAt, slotOf, original };
}

export interface Sent extends Known {
  readonly seconds: number;
}

/** Sends all through the very handler to the queue, some requests at a time, and says what must come of it. */
export async function sendKnown(plan: Plan, queue: Pick<Queue, 'send'>): Promise<Sent> {
  const { requests, receivedAt } = sending(plan);
  const known: Known = {
    items: 0,
    originals: 0,
    duplicates: 0,
    late: 0,
    quarantined: {},
    byDay: new Map(),
    received: 0n,
    amounts: 0n,
    longestGapDays: 0,
    acknowledged: 0,
    refused: 0,
  };
  const clock = new AsyncLocalStorage<Date>();
  const keys = writeKeys(serverKey({ quota_per_minute: 1_000_000_000 }));
  const handler = collectHandler(
    {
      queue,
      writeKeys: { list: async () => keys },
      clock: { now: () => clock.getStore() ?? new Date(Number.NaN) },
      quota: new QuotaMeter(),
    },
    { logger: new Logger({ logLevel: 'SILENT' }) },
  );
  const waiting = Array.from({ length: requests }, (_, request) => request).values();
  const started = performance.now();
  const texts = textsOf(plan, known);
  const sender = async (): Promise<void> => {
    for (const request of waiting) {
      const items = texts(request);
      // no JSON, which the collector refuses by itself: it is answered, and nothing is accounted for it
      const more = request % 100 === 0 ? ',42' : '';
      const event = eventOf({ path: '/v1/batch', body: `{"batch":[${items.join(',')}${more}]}` });
      const answer = await clock.run(receivedAt(request), () => handler(event, lambdaContext));
      count(answer, items.length, known);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, sender));
  return { ...known, seconds: (performance.now() - started) / 1000 };
}

function count(
  { statusCode, body }: { statusCode: number; body: string },
  items: number,
  known: Known,
): void {
  const json = JSON.parse(body) as { accepted?: number; duplicate?: number; refused?: number };
  if (statusCode !== 200) {
    throw new Error(`the collector answered ${statusCode}: ${body}`);
  }
  known.acknowledged += json.accepted === undefined ? items : json.accepted + (json.duplicate ?? 0);
  known.refused += json.refused ?? 0;
}

/** The items of each request in turn. */
function textsOf(plan: Plan, known: Known): (request: number) => readonly string[] {
  const { receivedAt, slotOf, original } = sending(plan);
  const one = (position: number, at: Date): string => {
    known.items += 1;
    const slot = slotOf(position);
    if (slot < ORIGINALS) {
      const { text, happened, isLate } = original(known.originals);
      known.amounts += BigInt(known.originals % 1000);
      known.originals += 1;
      known.late += isLate ? 1 : 0;
      known.received += BigInt(at.getTime());
      const day = happened.toISOString().slice(0, 10);
      known.byDay.set(day, (known.byDay.get(day) ?? 0) + 1);
      return text;
    }
    if (slot < ORIGINALS + DUPLICATES) {
      // from among all that were sent, and now and then from the oldest
      const number = (known.duplicates * 7919) % known.originals;
      const picked = known.duplicates % 20 === 0 ? (known.duplicates / 20) % ORIGINALS : number;
      known.duplicates += 1;
      const again = original(picked);
      const gap = (at.getTime() - again.receivedAt.getTime()) / DAY;
      known.longestGapDays = Math.max(known.longestGapDays, gap);
      return again.text;
    }
    const number = known.items;
    const [reason, item] = malformed[Math.floor(number / 50) % malformed.length] ?? ['', () => ''];
    known.quarantined[reason] = (known.quarantined[reason] ?? 0) + 1;
    return item(number);
  };
  return (request) =>
    Array.from({ length: REQUEST_ITEMS }, (_, item) =>
      one(request * REQUEST_ITEMS + item, receivedAt(request)),
    );
}
