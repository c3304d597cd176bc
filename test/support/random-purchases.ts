import type { Run } from '../oracle/lifecycle/types.ts';
import type { PurchaseTouchpoint } from '../oracle/purchase.ts';
import { type Chance, chanceOf } from './chance.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export type PurchaseWorld = { readonly run: Run; readonly touchpoints: readonly PurchaseTouchpoint[] };

type Said = Readonly<Record<string, unknown>>;

/** Shoppers of some weeks with carts, checkouts, payments and parcels, whose times lie often on a limit or beside it. */
export function randomPurchases(seed: number): PurchaseWorld {
  const chance = chanceOf(seed);
  const timeZone = chance.pick(['Europe/Istanbul', 'Europe/Berlin', 'UTC']);
  const asOf = Date.UTC(2024, 3, 8, chance.pick([0, 21, 22, 13]));
  const writer = new Writer(chance);
  for (let shopper = 0; shopper < chance.whole(2, 6); shopper += 1) {
    for (let visit = 0; visit < chance.whole(1, 4); visit += 1) {
      shop(writer, `c${shopper}`, Date.UTC(2024, 1, 20) + chance.whole(0, 48 * 24) * hour);
    }
  }
  return {
    run: { asOf, timeZone } as Run,
    touchpoints: chance.shuffled(writer.touchpoints),
  };
}

class Writer {
  readonly touchpoints: PurchaseTouchpoint[] = [];
  readonly chance: Chance;
  #count = 0;

  constructor(chance: Chance) {
    this.chance = chance;
  }

  id(letter: string): string {
    this.#count += 1;
    return `${letter}${this.chance.whole(0, 9)}${this.#count}`;
  }

  write(
    customer_id: string,
    event: string,
    occurred_at: number,
    rest: Partial<PurchaseTouchpoint> & { said?: Said },
  ): void {
    const { said = {}, ...given } = rest;
    this.touchpoints.push({
      touchpoint_id: this.id('t'),
      customer_id,
      occurred_at,
      event,
      channel: 'web',
      order_id: null,
      product_id: null,
      category: null,
      campaign_source: null,
      campaign_medium: null,
      campaign_name: null,
      reporting_amount: null,
      quantity: null,
      ...given,
      properties: JSON.stringify(said),
    });
  }
}

/** Milliseconds at a limit, one before, one after, or well within. */
function near(chance: Chance, limit: number): number {
  return chance.pick([limit, limit - 1, limit + 1, Math.floor(limit / 3), limit + hour]);
}

function shop(writer: Writer, customer: string, at: number): void {
  const { chance } = writer;
  const cart = chance.happens(0.85) ? writer.id('k') : undefined;
  let last = at;
  if (cart !== undefined) {
    for (let line = 0; line < chance.whole(0, 3); line += 1) {
      last += chance.pick([0, minute, 3 * minute]);
      const event = chance.pick(['product_added', 'product_added', 'product_removed', 'cart_viewed']);
      writer.write(customer, event, last, {
        quantity: chance.pick([null, '1', '2']),
        said: { cart_id: cart },
      });
    }
  }
  const order = chance.happens(0.7) ? writer.id('o') : undefined;
  const checkout = chance.happens(0.6) ? writer.id('h') : undefined;
  if (checkout !== undefined && (cart !== undefined || chance.happens(0.5))) {
    last += minute;
    writer.write(customer, 'checkout_started', last, {
      order_id: chance.happens(0.3) ? (order ?? null) : null,
      said: { ...(cart !== undefined && { cart_id: cart }), checkout_id: checkout },
    });
  }
  if (order !== undefined)
    buy(writer, customer, { order, checkout, at: last + near(chance, chance.pick([minute, day, 7 * day])) });
}

function buy(
  writer: Writer,
  customer: string,
  {
    order,
    checkout,
    at,
  }: { readonly order: string; readonly checkout: string | undefined; readonly at: number },
): void {
  const { chance } = writer;
  const method = chance.pick(['card', 'card', 'wallet', undefined]);
  for (let attempt = 0; attempt < chance.whole(0, 3); attempt += 1) {
    const payment = chance.happens(0.9) ? { payment_id: writer.id('p') } : {};
    const terms = { ...payment, ...(method && { payment_method: method }), installments: chance.whole(1, 3) };
    const paid = {
      order_id: chance.happens(0.8) ? order : null,
      reporting_amount: BigInt(chance.whole(0, 5000)),
    };
    writer.write(customer, 'payment_attempted', at - minute, { ...paid, said: terms });
    const end = chance.pick(['payment_succeeded', 'payment_failed', undefined]);
    if (end) writer.write(customer, end, at + chance.pick([0, minute, day]), { ...paid, said: terms });
  }
  for (let line = 0; line < chance.whole(1, 2); line += 1) {
    const said = {
      ...(checkout && { checkout_id: checkout }),
      ...(chance.happens(0.4) && { discount: chance.pick([0, 5.5, 12]) }),
    };
    const amount = chance.pick([null, 0n, 1000n, 2599n]);
    writer.write(customer, 'order_completed', at, { order_id: order, reporting_amount: amount, said });
  }
  const end = chance.pick(['order_cancelled', 'order_refunded', undefined, undefined, undefined]);
  if (end)
    writer.write(customer, end, at + day, { order_id: order, reporting_amount: chance.pick([500n, 9000n]) });
  send(writer, customer, order, at);
}

function send(writer: Writer, customer: string, order: string, at: number): void {
  const { chance } = writer;
  for (let parcel = 0; parcel < chance.whole(0, 2); parcel += 1) {
    const promise = at + near(chance, chance.pick([6 * hour, 2 * day]));
    const promised_at = chance.pick([
      new Date(promise).toISOString(),
      `${new Date(promise + 3 * hour).toISOString().slice(0, 19)}+03:00`,
      'soon',
    ]);
    const said = { ...(chance.happens(0.8) && { shipment_id: writer.id('s') }), promised_at };
    writer.write(customer, 'order_shipped', at + hour, { order_id: order, said });
    if (!chance.happens(0.8)) continue;
    const arrival = Math.floor(promise / 1000) * 1000 + chance.pick([0, 1, -1, -2 * hour, day]);
    writer.write(customer, 'order_delivered', arrival, { order_id: order, said });
    if (chance.happens(0.3)) {
      writer.write(customer, chance.pick(['return_requested', 'return_received']), arrival + day, {
        order_id: order,
      });
    }
  }
}
