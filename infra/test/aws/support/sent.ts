import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const sender = fileURLToPath(new URL('../../../../test/collect/senders/segment-orders.mjs', import.meta.url));

/** What a shop's server sends, and what has to be found of it. */
export interface SentOrder {
  readonly messageId: string;
  readonly userId: string;
  readonly orderId: string;
  readonly kurus: number;
  readonly at: Date;
}

const HOUR = 3_600_000;

/** Orders of the hours before an instant; no two amounts alike, so that none can stand for another. */
export function makeOrders(
  prefix: string,
  count: number,
  customers: number,
  before: Date,
): readonly SentOrder[] {
  return Array.from({ length: count }, (_, number) => ({
    messageId: `${prefix}-m-${number}`,
    userId: `${prefix}-c-${number % customers}`,
    orderId: `${prefix}-o-${number}`,
    kurus: 10_000 + 137 * number,
    at: new Date(before.getTime() - 2 * HOUR - number * 1000),
  }));
}

const amountOf = (kurus: number): number => Number((kurus / 100).toFixed(2));

/** As it stands in Segment's calls. */
export const segmentItem = ({ messageId, userId, orderId, kurus, at }: SentOrder): object => ({
  type: 'track',
  messageId,
  userId,
  event: 'Order Completed',
  timestamp: at.toISOString(),
  properties: { order_id: orderId, revenue: amountOf(kurus), currency: 'TRY' },
});

/** By Segment's SDK as it is published, in a process of its own. Answers the ids that were acknowledged. */
export async function sendWithSdk(
  host: string,
  writeKey: string,
  orders: readonly SentOrder[],
): Promise<{ readonly acknowledged: readonly string[]; readonly failed: readonly string[] }> {
  const child = spawn(process.execPath, [sender, host, writeKey], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(orders.map((order) => JSON.stringify(segmentItem(order))).join('\n'));
  return (await json(child.stdout)) as Awaited<ReturnType<typeof sendWithSdk>>;
}

/** The same as a file of the source `touchpoints`. */
export function touchpointsFile(orders: readonly SentOrder[]): string {
  const header = 'event,occurred_at,touchpoint_id,user_id,channel,order_id,amount,currency_code';
  const lines = orders.map(
    ({ messageId, userId, orderId, kurus, at }) =>
      `order_completed,${at.toISOString()},${messageId},${userId},web,${orderId},${(kurus / 100).toFixed(2)},TRY`,
  );
  return `${[header, ...lines].join('\n')}\n`;
}

/** A list of write keys as `dongu collect keys` makes it, with one key of a server. */
export function writeKeyList(secret: string): string {
  const key = {
    id: 'shop',
    source: 'segment',
    kind: 'server',
    key_sha256: createHash('sha256').update(secret).digest('hex'),
  };
  return JSON.stringify({ keys: [key] });
}
