import { hourMs, istanbulOffsetMs } from './calendar.ts';
import type { Product } from './catalogue.ts';
import { type Spellings, write, writeLoosely } from './identity.ts';
import type { VisitOrigin } from './marketing.ts';
import { sameDayCities } from './names.ts';
import { installmentWeights, rates, spendModel } from './parameters.ts';
import { nextId, type Person } from './person.ts';
import { between, chance, createPicker, gamma, type Random } from './random.ts';
import { csvText, money } from './text.ts';
import { isInside, type World } from './world.ts';

export type OrderChannel = 'web' | 'mobile' | 'store' | 'call_center' | 'whatsapp' | 'marketplace';

export interface OrderLine {
  readonly number: number;
  readonly product: Product;
  readonly quantity: number;
  readonly amountKurus: number;
  readonly discountKurus: number;
}

export interface Order {
  readonly id: string;
  readonly at: number;
  readonly channel: OrderChannel;
  readonly lines: readonly OrderLine[];
  readonly totalKurus: number;
  readonly paymentMethod: string;
  readonly installments: number;
  readonly promise: string;
  readonly isFirst: boolean;
  readonly buyer: Buyer;
  readonly tail: OrderTail;
}

/** The columns that say whose order it is, as written on its rows: one spelling for the whole order. */
export interface Buyer {
  readonly customerId: string;
  readonly email: string;
  readonly phone: string;
  readonly loyaltyId: string;
  readonly fullName: string;
}

interface OrderTail {
  readonly deviceType: string;
  readonly coupon: string;
  readonly origin: VisitOrigin;
  readonly referralCode: string;
}

export interface OrderPlan {
  readonly at: number;
  readonly channel: OrderChannel;
  readonly origin: VisitOrigin;
  readonly isFirst: boolean;
}

const pickInstallments = createPicker(installmentWeights);
const pickPayment = createPicker([
  ['card', 72],
  ['wallet', 10],
  ['bank_transfer', 8],
  ['cash_on_delivery', 7],
  ['gift_card', 3],
] as const);

/** Divides an amount over some lines by random shares; the last line takes what rounding left. */
function divide(random: Random, kurus: number, count: number): number[] {
  const weights = Array.from({ length: count }, () => between(random, 0.4, 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const parts = weights.map((weight) => Math.floor((kurus * weight) / total));
  const rest = kurus - parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part, index) => (index === count - 1 ? part + rest : part));
}

function drawLineCount(random: Random, kurus: number): number {
  if (kurus < 60_000) return 1;
  const draw = random.next();
  if (draw < 0.55) return 1;
  if (draw < 0.8) return 2;
  return draw < 0.93 ? 3 : 4;
}

function drawLines(world: World, person: Person, plan: { at: number; discountShare: number }): OrderLine[] {
  const { random, purchase } = person;
  const { calendar, catalogue } = world;
  const index = calendar.priceIndexAt(plan.at);
  const lira = gamma(random, spendModel.p, purchase.nu) * index;
  const kurus = Math.max(Math.round(lira * 100), 1);
  const count = calendar.isPure ? 1 : drawLineCount(random, kurus);
  return divide(random, kurus, count).map((amountKurus, position) => {
    const product = catalogue.near(random, amountKurus / index);
    return {
      number: position + 1,
      product,
      quantity: Math.max(1, Math.round(amountKurus / index / product.priceKurus)),
      amountKurus,
      discountKurus: Math.round((amountKurus * plan.discountShare) / (1 - plan.discountShare)),
    };
  });
}

function spelled(person: Person, spellings: Spellings, isPure: boolean): string {
  return csvText(isPure ? write(spellings) : writeLoosely(person.random, spellings));
}

/** What the channel learns of a buyer: an account, or less of it. */
function drawBuyer(world: World, person: Person, plan: OrderPlan): Buyer {
  const { identity, random } = person;
  const { isPure } = world.calendar;
  const isMember = person.signedUpAt <= plan.at;
  const nobody: Buyer = { customerId: '', email: '', phone: '', loyaltyId: '', fullName: '' };
  if (plan.channel === 'marketplace') {
    return {
      ...nobody,
      email: write(identity.relayEmail),
      phone: spelled(person, identity.phone, isPure),
      fullName: identity.fullName,
    };
  }
  if (plan.channel === 'store') {
    if (person.isLoyaltyMember) return { ...nobody, loyaltyId: write(identity.loyaltyId) };
    return { ...nobody, phone: spelled(person, identity.phone, isPure) };
  }
  if (plan.channel === 'call_center' || plan.channel === 'whatsapp') {
    const customerId = isMember ? write(identity.userId) : '';
    return {
      ...nobody,
      customerId,
      phone: spelled(person, identity.phone, isPure),
      fullName: identity.fullName,
    };
  }
  const email = spelled(person, identity.email, isPure);
  if (!isMember) return { ...nobody, email, fullName: identity.fullName };
  const phone = isPure || chance(random, 0.6) ? spelled(person, identity.phone, isPure) : '';
  return { customerId: write(identity.userId), email, phone, loyaltyId: '', fullName: identity.fullName };
}

function drawPromise(world: World, person: Person, plan: OrderPlan): string {
  if (plan.channel === 'store') return 'pickup';
  const localHour = ((plan.at - world.calendar.startAt) / hourMs) % 24;
  if (sameDayCities.has(person.city) && localHour < 14 && chance(person.random, 0.6)) return 'same_day';
  return chance(person.random, 0.35) ? 'next_day' : 'standard';
}

function drawCoupon(person: Person, plan: OrderPlan, isSale: boolean): string {
  const { random } = person;
  if (plan.isFirst && plan.origin.coupon !== '') return plan.origin.coupon;
  if (!chance(random, person.discountDependence * (isSale ? 1.2 : 0.8))) return '';
  return isSale ? 'KASIM20' : 'SEPETTE15';
}

const discountShares: Readonly<Record<string, number>> = { KASIM20: 0.2, SEPETTE15: 0.15, ATOLYE15: 0.15 };

function drawDevice(person: Person, channel: OrderChannel): string {
  if (channel === 'store') return 'pos';
  if (channel === 'mobile') return 'mobile';
  return channel === 'web' && person.usesDesktop ? 'desktop' : '';
}

export function createOrder(world: World, person: Person, plan: OrderPlan): Order {
  const { random } = person;
  const { calendar } = world;
  const isSale = calendar.days[calendar.dayOf(plan.at)]?.specials.includes('november_sales') ?? false;
  const coupon = calendar.isPure ? '' : drawCoupon(person, plan, isSale);
  const lines = drawLines(world, person, {
    at: plan.at,
    discountShare: coupon === '' ? 0 : (discountShares[coupon] ?? 0.1),
  });
  const paymentMethod = plan.channel === 'store' ? 'card' : pickPayment(random);
  return {
    id: nextId(person, 'A-'),
    at: plan.at,
    channel: plan.channel,
    lines,
    totalKurus: lines.reduce((sum, line) => sum + line.amountKurus, 0),
    paymentMethod,
    installments: paymentMethod === 'card' ? pickInstallments(random) : 1,
    promise: drawPromise(world, person, plan),
    isFirst: plan.isFirst,
    buyer: drawBuyer(world, person, plan),
    tail: {
      deviceType: drawDevice(person, plan.channel),
      coupon,
      origin: plan.origin,
      referralCode: plan.isFirst && person.referral !== undefined ? person.referral.code : '',
    },
  };
}

export interface RowStatus {
  readonly at: number;
  readonly status: 'completed' | 'cancelled' | 'refunded';
}

/** Writes one row of the order; a later row with another status restates it at its own time. */
export function writeOrderLine(
  world: World,
  person: Person,
  row: { order: Order; line: OrderLine } & RowStatus,
): void {
  if (!isInside(world, row.at)) return;
  const { order, line } = row;
  const { buyer, tail } = order;
  const { origin } = tail;
  const who = `${buyer.customerId},${buyer.email},${buyer.phone},${buyer.loyaltyId},${buyer.fullName}`;
  const what = `${line.product.id},${line.product.category},${line.quantity},${money(line.amountKurus)},TRY,TR,${person.city}`;
  const how = `${tail.deviceType},${tail.coupon},${origin.source},${origin.medium},${origin.name}`;
  const discount = line.discountKurus === 0 ? '' : money(line.discountKurus);
  const terms = `${order.paymentMethod},${order.installments},${order.promise},${discount},${tail.referralCode}`;
  world.out.add(
    'orders',
    `${order.id},${line.number},${world.calendar.isoAt(row.at)},${row.status},${who},${order.channel},${what},${how},${terms}`,
  );
}

export function writeOrder(world: World, person: Person, order: Order): void {
  for (const line of order.lines) {
    writeOrderLine(world, person, { order, line, at: order.at, status: 'completed' });
  }
  person.reachableAt = Math.min(
    person.reachableAt,
    order.buyer.email === '' ? Number.POSITIVE_INFINITY : order.at,
  );
}

export interface OrderEvent {
  readonly event: string;
  readonly at: number;
  readonly orderId: string;
  readonly channel: string;
  readonly amountKurus?: number;
  readonly paymentId?: string;
  readonly paymentMethod?: string;
  readonly installments?: number;
  readonly declineReason?: string;
  readonly shipmentId?: string;
  readonly carrier?: string;
  readonly promisedAt?: number;
  readonly returnId?: string;
  readonly productId?: string;
  readonly reason?: string;
}

/** Writes a row of payments, parcels or returns. The shop knows the buyer by account, or by the order's e-mail. */
export function writeOrderEvent(world: World, person: Person, buyer: Buyer, event: OrderEvent): void {
  if (!isInside(world, event.at) || (buyer.customerId === '' && buyer.email === '')) return;
  const { isoAt } = world.calendar;
  const id = nextId(person, 'e-');
  const amount = event.amountKurus === undefined ? ',' : `${money(event.amountKurus)},TRY`;
  const who = `${buyer.customerId},${buyer.customerId === '' ? buyer.email : ''},${event.channel}`;
  const payment = `${event.paymentId ?? ''},${event.paymentMethod ?? ''},${event.installments ?? ''},${event.declineReason ?? ''}`;
  const parcel = `${event.shipmentId ?? ''},${event.carrier ?? ''},${event.promisedAt === undefined ? '' : isoAt(event.promisedAt)}`;
  const after = `${event.returnId ?? ''},${event.productId ?? ''},${event.reason ?? ''}`;
  world.out.add(
    'order-events',
    `${id},${event.event},${isoAt(event.at)},${event.orderId},${who},${amount},${payment},${parcel},${after}`,
  );
}

const declines = createPicker([
  ['three_ds_failed', 48],
  ['insufficient_funds', 30],
  ['expired_card', 8],
  ['technical', 9],
  ['fraud', 2],
  ['other', 3],
] as const);

/** Attempts just before the order; a refused one is tried again, and the last one always succeeds. */
export function writePayments(world: World, person: Person, order: Order): void {
  const { random } = person;
  if (order.channel === 'marketplace') return;
  const countFailures =
    world.calendar.isPure || !chance(random, rates.payment_failed) ? 0 : chance(random, 0.25) ? 2 : 1;
  const terms = {
    orderId: order.id,
    channel: order.channel,
    amountKurus: order.totalKurus,
    paymentMethod: order.paymentMethod,
    installments: order.installments,
  };
  for (let attempt = 0; attempt <= countFailures; attempt += 1) {
    const paymentId = nextId(person, 'y-');
    const at = order.at - (countFailures - attempt) * 70_000 - Math.floor(between(random, 9_000, 40_000));
    const isLast = attempt === countFailures;
    writeOrderEvent(world, person, order.buyer, { ...terms, event: 'payment_attempted', at, paymentId });
    const end = isLast
      ? { event: 'payment_succeeded' }
      : { event: 'payment_failed', declineReason: declines(random) };
    writeOrderEvent(world, person, order.buyer, { ...terms, ...end, at: at + 6_000, paymentId });
  }
}

/** Local midnight of the day of an instant. */
export function localMidnight(at: number): number {
  return Math.floor((at + istanbulOffsetMs) / 86_400_000) * 86_400_000 - istanbulOffsetMs;
}
