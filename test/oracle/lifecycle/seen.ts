import { compareBytes, firstDifference, groupBy } from '../values.ts';
import type { Touchpoint } from './types.ts';

export type OrderStatus = 'placed' | 'cancelled' | 'refunded' | 'empty';

/** An order as `architecture.md` tells it under "Orders". */
export type Order = {
  readonly order_id: string;
  readonly status: OrderStatus;
  /** The earliest first. */
  readonly lines: readonly Touchpoint[];
  readonly gross_amount: bigint | null;
  readonly refunded_amount: bigint | null;
};

/**
 * "What rules see": the touchpoints before the as-of instant, each once however often it came, orders counted once, and
 * without the orders that are cancelled, refunded in full or empty. "Collapsing comes after the as-of cut."
 */
export function touchpointsSeen(received: readonly Touchpoint[], asOf: number): Touchpoint[] {
  const before = touchpointsBefore(received, asOf);
  const notOrders = new Set(
    ordersOf(before)
      .filter((order) => order.status !== 'placed')
      .map((order) => order.order_id),
  );
  const visible = before.filter(
    (touchpoint) => touchpoint.event !== 'order_completed' || !notOrders.has(orderIdOf(touchpoint)),
  );
  return collapseOrders(visible);
}

/** "Touchpoints at or after it are not seen", cancellations and refunds included; repetitions are one touchpoint. */
export function touchpointsBefore(received: readonly Touchpoint[], asOf: number): Touchpoint[] {
  const once = new Map(received.map((touchpoint) => [touchpoint.touchpoint_id, touchpoint]));
  return [...once.values()].filter((touchpoint) => touchpoint.occurred_at < asOf).sort(byTimeThenId);
}

/** By `occurred_at`, then `touchpoint_id` in byte order. */
function byTimeThenId(a: Touchpoint, b: Touchpoint): number {
  return firstDifference(a.occurred_at - b.occurred_at, compareBytes(a.touchpoint_id, b.touchpoint_id));
}

/** "A touchpoint without an `order_id` is its own order": the order's id is then the touchpoint's. */
function orderIdOf(line: Touchpoint): string {
  return line.order_id === null || line.order_id === '' ? line.touchpoint_id : line.order_id;
}

/** "`order_completed` touchpoints with one `order_id` are the lines of one order", whoever's they are. */
export function ordersOf(before: readonly Touchpoint[]): Order[] {
  const lines = before.filter((touchpoint) => touchpoint.event === 'order_completed');
  const byOrder = groupBy(before, (touchpoint) => touchpoint.order_id ?? '');
  return [...groupBy(lines, orderIdOf)].map(([order_id, ownLines]) => {
    const restating = byOrder.get(order_id) ?? [];
    const gross_amount = sumOfKnown(ownLines);
    const refunded_amount = sumOfKnown(
      restating.filter((touchpoint) => touchpoint.event === 'order_refunded'),
    );
    const isCancelled = restating.some((touchpoint) => touchpoint.event === 'order_cancelled');
    return {
      order_id,
      status: statusOf(isCancelled, gross_amount, refunded_amount),
      lines: ownLines.toSorted(byTimeThenId),
      gross_amount,
      refunded_amount,
    };
  });
}

/**
 * "An `order_cancelled` cancels its order whole"; "an order without any amount is an order"; one "whose known amounts add
 * up to zero" is empty; refunded in full is what came back being at least what was paid, if anything was paid.
 */
function statusOf(isCancelled: boolean, gross: bigint | null, refunded: bigint | null): OrderStatus {
  if (isCancelled) return 'cancelled';
  if (gross === null) return 'placed';
  if (gross === 0n) return 'empty';
  return gross > 0n && refunded !== null && refunded >= gross ? 'refunded' : 'placed';
}

/**
 * "Per customer and event, touchpoints with the same non-empty `order_id` are one, at the earliest of them, with that
 * line's channel, product, category, campaign and properties, and with the exact sum of the non-null amounts."
 */
export function collapseOrders(visible: readonly Touchpoint[]): Touchpoint[] {
  const groups = groupBy(visible, (touchpoint) =>
    touchpoint.order_id === null || touchpoint.order_id === ''
      ? JSON.stringify(['alone', touchpoint.touchpoint_id])
      : JSON.stringify(['order', touchpoint.customer_id, touchpoint.event, touchpoint.order_id]),
  );
  return [...groups.values()].map((lines) => {
    const [earliest] = lines.toSorted(byTimeThenId);
    if (earliest === undefined) throw new Error('a group of lines without a line');
    return { ...earliest, reporting_amount: sumOfKnown(lines) };
  });
}

/** The sum of the amounts that are known; null when none is. */
function sumOfKnown(lines: readonly Touchpoint[]): bigint | null {
  const amounts = lines.map((line) => line.reporting_amount).filter((amount) => amount !== null);
  return amounts.length === 0 ? null : amounts.reduce((sum, amount) => sum + amount, 0n);
}
