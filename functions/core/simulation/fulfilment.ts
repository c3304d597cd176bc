import { hourMs } from './calendar.ts';
import { dayMs } from './feasts.ts';
import { localMidnight, type Order, type OrderLine, writeOrderEvent, writeOrderLine } from './orders.ts';
import { rates } from './parameters.ts';
import { nextId, type Person } from './person.ts';
import { between, chance, itemAt, pick } from './random.ts';
import type { World } from './world.ts';

export interface Delivery {
  readonly at: number;
  readonly isLate: boolean;
}

const carriers = ['Örnek Kargo', 'Yıldırım Kurye', 'Anadolu Dağıtım'] as const;
const returnReasons = ['beden_uymadi', 'begenmedi', 'kusurlu', 'gec_geldi', 'yanlis_urun'] as const;

/** No parcel moves on Sundays and feast days. */
function isWorkingDay(world: World, at: number): boolean {
  const day = world.calendar.days[world.calendar.dayOf(at)];
  if (day === undefined) return true;
  return day.kind !== 'feast' && new Date(`${day.date}T00:00:00Z`).getUTCDay() !== 0;
}

function workingDayFrom(world: World, at: number): number {
  let day = at;
  while (!isWorkingDay(world, day)) day += dayMs;
  return day;
}

function atHour(world: World, person: Person, midnight: number): number {
  return workingDayFrom(world, midnight) + Math.floor(between(person.random, 9.5, 19.5) * hourMs);
}

const daysOfPromise: Readonly<Record<string, number>> = { same_day: 0, next_day: 1, standard: 3 };

/** Ships and delivers; returns when the parcel arrived, or undefined where nothing was sent. */
export function deliver(world: World, person: Person, order: Order): Delivery | undefined {
  if (order.promise === 'pickup') return { at: order.at, isLate: false };
  const { random } = person;
  const midnight = localMidnight(order.at);
  const days = daysOfPromise[order.promise] ?? 3;
  const promisedAt = midnight + (days + 1) * dayMs - hourMs;
  const planned = midnight + (days + (chance(random, 0.1) ? 1 + Math.floor(random.next() * 3) : 0)) * dayMs;
  const shippedAt = order.at + Math.floor(between(random, 0.5, days === 0 ? 2 : 20) * hourMs);
  const parcel = {
    orderId: order.id,
    channel: 'system',
    shipmentId: nextId(person, 'p-'),
    carrier: pick(random, carriers),
    promisedAt,
  };
  writeOrderEvent(world, person, order.buyer, { ...parcel, event: 'order_shipped', at: shippedAt });
  const soonest = shippedAt + 2 * hourMs;
  let at = Math.max(atHour(world, person, planned), soonest);
  if (!world.calendar.isPure && chance(random, rates.delivery_failed)) {
    writeOrderEvent(world, person, order.buyer, {
      ...parcel,
      event: 'delivery_failed',
      at,
      reason: 'adreste_yok',
    });
    at = atHour(world, person, localMidnight(at) + dayMs);
  }
  writeOrderEvent(world, person, order.buyer, { ...parcel, event: 'order_delivered', at });
  return { at, isLate: at > promisedAt };
}

/** Cancels the whole order before it is shipped; true where it did. */
export function cancel(world: World, person: Person, order: Order): boolean {
  const { random } = person;
  if (world.calendar.isPure || !chance(random, rates.order_cancelled)) return false;
  const at = order.at + Math.floor(between(random, 5, 300) * 60_000);
  for (const line of order.lines) writeOrderLine(world, person, { order, line, at, status: 'cancelled' });
  return true;
}

function linesToReturn(person: Person, order: Order): readonly OrderLine[] {
  if (order.lines.length === 1 || chance(person.random, rates.return_in_full)) return order.lines;
  return [itemAt(order.lines, Math.floor(person.random.next() * order.lines.length))];
}

/** Sends some or all of the order back after its delivery and refunds it. */
export function returnGoods(
  world: World,
  person: Person,
  purchase: { order: Order; delivery: Delivery },
): boolean {
  const { order, delivery } = purchase;
  const { random } = person;
  if (world.calendar.isPure || !chance(random, rates.order_returned)) return false;
  const reason = delivery.isLate && chance(random, 0.4) ? 'gec_geldi' : pick(random, returnReasons);
  const requestedAt = delivery.at + Math.floor(between(random, 4, 13 * 24) * hourMs);
  const receivedAt = atHour(world, person, localMidnight(requestedAt) + 3 * dayMs);
  const refundedAt = receivedAt + Math.floor(between(random, 2, 40) * hourMs);
  for (const line of linesToReturn(person, order)) {
    const goods = {
      orderId: order.id,
      channel: order.channel === 'store' ? 'store' : 'web',
      returnId: nextId(person, 'r-'),
      productId: line.product.id,
      amountKurus: line.amountKurus,
      reason,
    };
    writeOrderEvent(world, person, order.buyer, { ...goods, event: 'return_requested', at: requestedAt });
    writeOrderEvent(world, person, order.buyer, {
      ...goods,
      event: 'return_received',
      at: receivedAt,
      channel: 'system',
    });
    writeOrderLine(world, person, { order, line, at: refundedAt, status: 'refunded' });
  }
  return true;
}
