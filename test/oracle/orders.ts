import { inOrder } from './touchpoints.ts';
import type { Order, OrderStatus, Touchpoint } from './types.ts';
import { compareBytes, firstDifference, groupBy } from './values.ts';

type OrderWithoutNumber = Omit<Order, 'orderNumber'>;

/** The orders among touchpoints that were already cut at the as-of instant. */
export function ordersOf(touchpoints: readonly Touchpoint[]): Order[] {
  const lines = touchpoints.filter((touchpoint) => touchpoint.event === 'order_completed');
  const channels = sessionChannels(touchpoints);
  const orders = [...groupBy(lines, orderIdOf)].map(([orderId, linesOfOrder]) =>
    toOrder(
      orderId,
      linesOfOrder,
      touchpoints.filter((touchpoint) => touchpoint.values.order_id === orderId),
      channels,
    ),
  );
  return withNumbers(orders);
}

/** Refunds and cancellations that restate no known order: they reduce the customer's net amount on their own day. */
export function adjustmentsOf(touchpoints: readonly Touchpoint[]): Touchpoint[] {
  const known = new Set(
    touchpoints.filter((touchpoint) => touchpoint.event === 'order_completed').map(orderIdOf),
  );
  return touchpoints.filter(
    (touchpoint) =>
      ['order_refunded', 'order_cancelled'].includes(touchpoint.event) &&
      !(touchpoint.values.order_id !== null && known.has(touchpoint.values.order_id)),
  );
}

function orderIdOf(line: Touchpoint): string {
  return line.values.order_id ?? line.touchpointId;
}

function sessionKey(touchpoint: Touchpoint): string {
  return JSON.stringify([touchpoint.customerId, touchpoint.sessionId]);
}

/** What brought the person to each session: the marketing channel of the session's first touchpoint. */
function sessionChannels(touchpoints: readonly Touchpoint[]): Map<string, string | null> {
  const visits = inOrder(touchpoints).filter((touchpoint) => touchpoint.sessionId !== null);
  return new Map(
    [...groupBy(visits, sessionKey)].map(([key, session]) => [key, session[0]?.marketingChannel ?? null]),
  );
}

function toOrder(
  orderId: string,
  lines: readonly Touchpoint[],
  sameId: readonly Touchpoint[],
  channels: ReadonlyMap<string, string | null>,
): OrderWithoutNumber {
  const [earliest] = inOrder(lines);
  if (earliest === undefined) throw new Error(`order ${orderId} has no line`);
  const grossMinor = sumOf(lines);
  const refundedMinor = sumOf(sameId.filter((touchpoint) => touchpoint.event === 'order_refunded'));
  const isCancelled = sameId.some((touchpoint) => touchpoint.event === 'order_cancelled');
  const status = statusOf(isCancelled, grossMinor, refundedMinor);
  return {
    orderId,
    customerId: earliest.customerId,
    orderedAt: earliest.occurredAt,
    channel: earliest.values.channel,
    marketingChannel:
      earliest.sessionId === null ? earliest.marketingChannel : (channels.get(sessionKey(earliest)) ?? null),
    country: earliest.values.country,
    status,
    grossMinor,
    refundedMinor,
    netMinor: status === 'cancelled' ? 0n : netOf(grossMinor, refundedMinor),
    countItems: lines.reduce((sum, line) => sum + (line.quantity ?? 1), 0),
  };
}

/** The sum of the known amounts; null when none is known. */
function sumOf(touchpoints: readonly Touchpoint[]): bigint | null {
  const amounts = touchpoints.map((touchpoint) => touchpoint.amountMinor).filter((amount) => amount !== null);
  return amounts.length === 0 ? null : amounts.reduce((sum, amount) => sum + amount, 0n);
}

function netOf(gross: bigint | null, refunded: bigint | null): bigint | null {
  return gross === null && refunded === null ? null : (gross ?? 0n) - (refunded ?? 0n);
}

function statusOf(isCancelled: boolean, gross: bigint | null, refunded: bigint | null): OrderStatus {
  if (isCancelled) return 'cancelled';
  if (gross === null) return 'placed';
  if (gross === 0n) return 'empty';
  return gross > 0n && (refunded ?? 0n) >= gross ? 'refunded' : 'placed';
}

/** The position of each placed order among its customer's placed orders. */
function withNumbers(orders: readonly OrderWithoutNumber[]): Order[] {
  return [...groupBy(orders, (order) => order.customerId).values()].flatMap((own) => {
    const placed = own
      .filter((order) => order.status === 'placed')
      .toSorted((a, b) => firstDifference(a.orderedAt - b.orderedAt, compareBytes(a.orderId, b.orderId)));
    return own.map((order) => ({
      ...order,
      orderNumber: order.status === 'placed' ? placed.indexOf(order) + 1 : null,
    }));
  });
}
