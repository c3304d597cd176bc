// Payments, carts and deliveries told from touchpoints one customer's story at a time, without SQL.
import type { Run, Touchpoint } from './lifecycle/types.ts';
import { localDay } from './local-time.ts';
import { inTime, type Measured, one, type Told as ToldTouchpoint, text } from './measured.ts';

export type PurchaseTouchpoint = Touchpoint & { readonly quantity: string | null };

const hour = 3_600_000;
const day = 24 * hour;

type Order = {
  readonly id: string;
  readonly customer: string;
  readonly at: number;
  readonly status: 'placed' | 'cancelled' | 'refunded' | 'empty';
  readonly net: bigint;
  readonly isDiscounted: boolean;
};

export type Payment = {
  readonly payment_id: string;
  readonly customer_id: string;
  readonly order_id: string | null;
  readonly attempted_at: number;
  readonly status: string;
  readonly amount: bigint | null;
  readonly payment_method: string | null;
  readonly count_installments: number | null;
};

export type Cart = {
  readonly cart_id: string;
  readonly customer_id: string;
  readonly created_at: number;
  readonly last_activity_at: number;
  readonly checkout_started_at: number | null;
  readonly order_id: string | null;
  readonly status: string;
};

type Told = ToldTouchpoint<PurchaseTouchpoint>;

function groups(told: readonly Told[], keyOf: (item: Told) => string | null): Map<string, Told[]> {
  const found = new Map<string, Told[]>();
  for (const item of told) {
    const key = keyOf(item);
    if (key !== null) found.set(key, [...(found.get(key) ?? []), item]);
  }
  return found;
}

const amountOf = (items: readonly Told[]): bigint =>
  items.reduce((sum, { reporting_amount }) => sum + (reporting_amount ?? 0n), 0n);

function ordersOf(told: readonly Told[]): Order[] {
  const lines = told.filter(({ event }) => event === 'order_completed');
  return [...groups(lines, (line) => line.order_id ?? line.touchpoint_id)].map(([id, ofOrder]) => {
    const about = told.filter(({ order_id }) => order_id === id);
    const refunded = amountOf(about.filter(({ event }) => event === 'order_refunded'));
    const gross = amountOf(ofOrder);
    const isKnown = ofOrder.some(({ reporting_amount }) => reporting_amount !== null);
    const [first] = ofOrder as [Told];
    const discount = ofOrder.reduce((sum, { said }) => sum + Number(said.discount ?? 0), 0);
    const isCancelled = about.some(({ event }) => event === 'order_cancelled');
    const status = isCancelled
      ? 'cancelled'
      : isKnown && gross === 0n
        ? 'empty'
        : gross > 0n && refunded >= gross
          ? 'refunded'
          : 'placed';
    return {
      id,
      customer: first.customer_id,
      at: first.occurred_at,
      status,
      net: gross - refunded,
      isDiscounted: discount > 0,
    };
  });
}

export function paymentsOf(touchpoints: readonly PurchaseTouchpoint[], { asOf }: Run): Payment[] {
  const told = inTime(touchpoints, asOf).filter(({ event }) => event.startsWith('payment_'));
  return [...groups(told, ({ said, touchpoint_id }) => text(said.payment_id) ?? touchpoint_id)].map(
    ([payment_id, events]) => {
      const [first] = events as [Told];
      const has = (name: string) => events.some(({ event }) => event === name);
      const largest = (values: readonly (string | null)[]) =>
        values
          .filter((value) => value !== null)
          .sort()
          .at(-1) ?? null;
      const amounts = events.flatMap(({ reporting_amount }) =>
        reporting_amount === null ? [] : [reporting_amount],
      );
      const installments = events.flatMap(({ said }) =>
        typeof said.installments === 'number' ? [said.installments] : [],
      );
      return {
        payment_id,
        customer_id: first.customer_id,
        order_id: largest(events.map(({ order_id }) => order_id)),
        attempted_at: first.occurred_at,
        status: has('payment_succeeded') ? 'succeeded' : has('payment_failed') ? 'failed' : 'open',
        amount: amounts.length === 0 ? null : amounts.reduce((a, b) => (a > b ? a : b)),
        payment_method: largest(events.map(({ said }) => text(said.payment_method))),
        count_installments: installments.length === 0 ? null : Math.max(...installments),
      };
    },
  );
}

const cartOf = ({ said }: Told): string | null => text(said.cart_id) ?? text(said.checkout_id);

export function cartsOf(touchpoints: readonly PurchaseTouchpoint[], { asOf }: Run): Cart[] {
  const told = inTime(touchpoints, asOf);
  const orders = ordersOf(told).filter(({ status }) => status !== 'empty');
  const cartEvents = ['product_added', 'product_removed', 'cart_viewed', 'checkout_started'];
  const carts = [
    ...groups(
      told.filter(({ event }) => cartEvents.includes(event)),
      cartOf,
    ),
  ].filter(([, events]) =>
    events.some(({ event }) => event === 'product_added' || event === 'checkout_started'),
  );
  const named = new Map(carts.map(([id, events]) => [id, namedOrders(events, told)] as const));
  const allNamed = new Set([...named.values()].flatMap((ids) => [...ids]));
  const created = carts.map(([id, events]) => {
    const [first] = events as [Told];
    return { id, customer: first.customer_id, at: first.occurred_at };
  });
  // the latest cart of the customer that was begun by then
  const guessed = (order: Order): string | undefined =>
    created
      .filter((cart) => cart.customer === order.customer && cart.at <= order.at)
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
      .at(-1)?.id;
  return carts.map(([cart_id, events]) => {
    const own = orders.filter(({ id }) => named.get(cart_id)?.has(id));
    const others = orders.filter((order) => !allNamed.has(order.id) && guessed(order) === cart_id);
    return cartRow(cart_id, events, { orders: own.length > 0 ? own : others, asOf });
  });
}

function cartRow(
  cart_id: string,
  events: readonly Told[],
  { orders, asOf }: { readonly orders: readonly Order[]; readonly asOf: number },
): Cart {
  const [first] = events as [Told];
  const last = events.at(-1)?.occurred_at ?? 0;
  const earliest = [...orders].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))[0];
  const order = earliest !== undefined && earliest.at <= last + 7 * day ? earliest : undefined;
  const checkout = events.find(({ event }) => event === 'checkout_started');
  const withoutOrder = isEmptied(events) ? 'emptied' : last + day >= asOf ? 'open' : 'abandoned';
  return {
    cart_id,
    customer_id: first.customer_id,
    created_at: first.occurred_at,
    last_activity_at: last,
    checkout_started_at: checkout?.occurred_at ?? null,
    order_id: order?.id ?? null,
    status: order === undefined ? withoutOrder : order.at <= last + day ? 'ordered' : 'recovered',
  };
}

function isEmptied(events: readonly Told[]): boolean {
  const pieces = (name: string) =>
    events
      .filter(({ event }) => event === name)
      .reduce((sum, { quantity }) => sum + Number(quantity ?? 1), 0);
  return (
    events.some(({ event }) => event === 'product_added') &&
    pieces('product_added') <= pieces('product_removed')
  );
}

function namedOrders(events: readonly Told[], told: readonly Told[]): Set<string> {
  const checkouts = events.filter(({ event }) => event === 'checkout_started');
  const ids = new Set(
    checkouts.flatMap(({ said }) => (text(said.checkout_id) === null ? [] : [text(said.checkout_id)])),
  );
  const byOrder = told.filter(
    ({ event, said }) => event === 'order_completed' && ids.has(text(said.checkout_id)),
  );
  return new Set([...checkouts, ...byOrder].flatMap(({ order_id }) => (order_id === null ? [] : [order_id])));
}

type Parcel = { readonly promised: number | null; readonly delivered: number | null };

function parcelsOf(order: Order, told: readonly Told[]): Parcel[] {
  const events = told.filter(
    ({ event, order_id }) => order_id === order.id && ['order_shipped', 'order_delivered'].includes(event),
  );
  return [...groups(events, ({ said, order_id }) => text(said.shipment_id) ?? order_id)].map(
    ([, ofParcel]) => {
      const promises = ofParcel.flatMap(({ said }) => {
        const promise = Date.parse(text(said.promised_at) ?? '');
        return Number.isNaN(promise) ? [] : [Math.floor(promise / 1000) * 1000];
      });
      return {
        promised: promises.length === 0 ? null : Math.max(...promises),
        delivered: ofParcel.find(({ event }) => event === 'order_delivered')?.occurred_at ?? null,
      };
    },
  );
}

type Add = (measure: string, at: number, part: boolean, whole: bigint, segment?: string) => void;

/** Every payment, cart and order as it counts in a measure, on its local day. */
export function measuredOf(touchpoints: readonly PurchaseTouchpoint[], run: Run): Measured[] {
  const found: Measured[] = [];
  const dayOf = (at: number) => localDay(at, run.timeZone);
  const add: Add = (measure, at, part, whole, segment = 'all') =>
    found.push({ measure, day: dayOf(at), segment, part: part ? whole : 0n, whole });
  measurePayments(paymentsOf(touchpoints, run), add);
  for (const cart of cartsOf(touchpoints, run)) measureCart(cart, add);
  const told = inTime(touchpoints, run.asOf);
  for (const order of ordersOf(told).filter(({ status }) => status === 'placed')) {
    add('discount_share', order.at, order.isDiscounted, order.net);
    measureDelivery(order, { told, asOf: run.asOf, dayOf }, add);
  }
  return found;
}

function measurePayments(payments: readonly Payment[], add: Add): void {
  for (const { payment_method, attempted_at, status, amount, count_installments } of payments) {
    const method = payment_method ?? 'unknown';
    const isPaid = status === 'succeeded';
    add('payment_success_rate_attempt', attempted_at, isPaid, one);
    add('payment_success_rate_attempt', attempted_at, isPaid, one, method);
    if (isPaid) add('payment_method_share', attempted_at, true, amount ?? 0n, method);
    if (isPaid && method === 'card') {
      add('installment_share', attempted_at, (count_installments ?? 1) > 1, amount ?? 0n);
    }
  }
  for (const ofOrder of Map.groupBy(
    payments,
    ({ order_id, payment_id }) => order_id ?? payment_id,
  ).values()) {
    const first = Math.min(...ofOrder.map(({ attempted_at }) => attempted_at));
    add(
      'payment_success_rate_order',
      first,
      ofOrder.some(({ status }) => status === 'succeeded'),
      one,
    );
  }
}

function measureCart({ status, created_at, checkout_started_at }: Cart, add: Add): void {
  if (status === 'open' || status === 'emptied') return;
  const hasCheckout = checkout_started_at !== null;
  add('checkout_rate', created_at, hasCheckout, one);
  add('cart_abandonment_rate', created_at, status === 'abandoned', one);
  if (hasCheckout) add('checkout_abandonment_rate', created_at, status === 'abandoned', one);
  if (status !== 'ordered') add('cart_recovery_rate', created_at, status === 'recovered', one);
}

type Seen = { readonly told: readonly Told[]; readonly asOf: number; readonly dayOf: (at: number) => string };

function measureDelivery(order: Order, { told, asOf, dayOf }: Seen, add: Add): void {
  const parcels = parcelsOf(order, told);
  const arrivals = parcels.flatMap(({ delivered }) => (delivered === null ? [] : [delivered]));
  const last = parcels.length > 0 && arrivals.length === parcels.length ? Math.max(...arrivals) : null;
  const promises = parcels.flatMap(({ promised }) => (promised === null ? [] : [promised]));
  if (parcels.length > 0) {
    add('same_day_delivery_share', order.at, last !== null && dayOf(last) === dayOf(order.at), one);
  }
  const promise = Math.max(...promises);
  if (promises.length > 0 && promise < asOf) {
    add('on_time_delivery_rate', promise, last !== null && last <= promise, one);
  }
  const isReturned = told.some(({ event, order_id }) => order_id === order.id && event.startsWith('return_'));
  if (last !== null) add('return_rate', order.at, isReturned, one);
}
