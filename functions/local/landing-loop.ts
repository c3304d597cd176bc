import { LakeError } from '../core/errors.ts';
import type { Queue, QueuedMessage } from '../ports/queue.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { type LandBatchPorts, landBatch } from '../use-cases/land-batch.ts';
import { partsOf } from '../use-cases/landing-parts.ts';

/** A batch is landed when it has so many items or bytes, or so long after its first message. */
const BATCH_ITEMS = 5_000;
const BATCH_BYTES = 16 * 1024 * 1024;
const BATCH_MILLISECONDS = 2_000;

const RECEIVED_AT_ONCE = 200;
const POLL_MILLISECONDS = 100;
/** Longer than a batch takes; a batch that failed comes again after it. */
const VISIBLE_AFTER_SECONDS = 60;

/** One lands on a core while the other reads and writes. */
export const BATCHES_AT_ONCE = 2;

const TIDY_AFTER_BATCHES = 200;

export interface LandingLoop {
  readonly queue: Queue;
  readonly ports: LandBatchPorts;
  readonly telemetry: Telemetry;
  /** Compaction, when nobody uses the home; called now and then between two batches. */
  readonly tidy: () => Promise<void>;
  /** Ends the loop after the batch in work. */
  readonly signal: AbortSignal;
  /** Ends when the queue gives nothing more. */
  readonly isOnce: boolean;
}

export interface LandedTotals {
  readonly items: number;
  readonly messages: number;
  /** Of this loop's last tries; they stay in the queue. */
  readonly failed: number;
}

interface Totals {
  items: number;
  messages: number;
  batches: number;
  readonly failed: Set<string>;
}

/** Lands what the queue gives, two batches at a time. A batch that fails is told and comes again; the loop goes on. */
export async function runLandingLoop(loop: LandingLoop): Promise<LandedTotals> {
  const totals: Totals = { items: 0, messages: 0, batches: 0, failed: new Set() };
  const failure = new AbortController();
  const signal = AbortSignal.any([loop.signal, failure.signal]);
  const ends = await Promise.allSettled(
    Array.from({ length: BATCHES_AT_ONCE }, () =>
      landInTurn({ ...loop, signal }, totals).catch((error: unknown) => {
        // whoever starts anew must not find the other one still at work
        failure.abort();
        throw error;
      }),
    ),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) {
    throw failed.reason;
  }
  const { items, messages } = totals;
  return { items, messages, failed: totals.failed.size };
}

async function landInTurn(loop: LandingLoop, totals: Totals): Promise<void> {
  while (!loop.signal.aborted) {
    const batch = await nextBatch(loop);
    if (batch.length === 0 && loop.isOnce) {
      return;
    }
    for (const part of partsOf(batch)) {
      await landPart(part, loop, totals);
    }
    totals.batches += batch.length > 0 ? 1 : 0;
    if (batch.length > 0 && totals.batches % TIDY_AFTER_BATCHES === 0) {
      await tidyUp(loop);
    }
  }
}

async function landPart(
  part: readonly QueuedMessage[],
  { queue, ports, telemetry }: LandingLoop,
  totals: Totals,
): Promise<void> {
  const { done, failed, items } = await landBatch(part, ports);
  await queue.delete(done.map(({ receipt }) => receipt));
  for (const { message, reason } of failed) {
    totals.failed.add(message.id);
    telemetry.warn(`message ${message.id}, receive ${message.receiveCount}: ${reason}`);
  }
  for (const { id } of done) {
    totals.failed.delete(id);
  }
  totals.items += items;
  totals.messages += done.length;
}

interface Gathering {
  readonly messages: QueuedMessage[];
  items: number;
  bytes: number;
  /** When the first message came. */
  since: number;
}

async function nextBatch({ queue, signal, isOnce }: LandingLoop): Promise<readonly QueuedMessage[]> {
  const batch: Gathering = { messages: [], items: 0, bytes: 0, since: 0 };
  while (!signal.aborted && !isFull(batch)) {
    const received = await queue.receive(wanted(batch), VISIBLE_AFTER_SECONDS);
    if (batch.messages.length === 0) {
      batch.since = performance.now();
    }
    batch.messages.push(...received);
    for (const { body } of received) {
      batch.items += itemsIn(body);
      batch.bytes += body.length;
    }
    if (received.length === 0) {
      if (isOnce) {
        break;
      }
      await sleep(POLL_MILLISECONDS, signal);
    }
  }
  return batch.messages;
}

const isFull = ({ messages, items, bytes, since }: Gathering): boolean =>
  items >= BATCH_ITEMS ||
  bytes >= BATCH_BYTES ||
  (messages.length > 0 && performance.now() - since >= BATCH_MILLISECONDS);

/** Requests hold one item or hundreds: what came so far tells how many to ask for, so that a batch keeps to its size. */
function wanted({ messages, items, bytes }: Gathering): number {
  if (messages.length === 0) {
    return 10;
  }
  const byItems = ((BATCH_ITEMS - items) * messages.length) / items;
  const byBytes = ((BATCH_BYTES - bytes) * messages.length) / bytes;
  return Math.min(Math.ceil(Math.min(byItems, byBytes)), RECEIVED_AT_ONCE);
}

/** Lines after the header. */
function itemsIn(body: string): number {
  let [count, at] = [0, body.indexOf('\n')];
  while (at >= 0) {
    count += 1;
    at = body.indexOf('\n', at + 1);
  }
  return Math.max(count, 1);
}

async function tidyUp({ tidy, telemetry }: LandingLoop): Promise<void> {
  try {
    await tidy();
  } catch (error) {
    if (!(error instanceof LakeError)) {
      throw error;
    }
    telemetry.warn(`batches are not merged now: ${error.message}`);
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}
