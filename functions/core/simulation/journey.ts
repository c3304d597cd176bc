import { acceptReferral, advocate, joinLoyalty, settleConsents } from './advocacy.ts';
import { addProduct, askOnAnotherChannel, browse, land, signIn, signUp, viewProduct } from './browsing.ts';
import { hourMs, minuteMs } from './calendar.ts';
import { lookForHelp } from './care.ts';
import { cancel, deliver, returnGoods } from './fulfilment.ts';
import type { Spellings } from './identity.ts';
import { leaveLead } from './leads.ts';
import { direct, origins, pickReturn } from './marketing.ts';
import { followUp, remind, welcome } from './messages.ts';
import { createOrder, type Order, type OrderChannel, writeOrder, writePayments } from './orders.ts';
import { rates, spendModel } from './parameters.ts';
import { createPerson, drawVisits, nextId, type Person, personId } from './person.ts';
import { chance, itemAt } from './random.ts';
import { raiseTicket, surveyDelivery } from './service.ts';
import { csvText } from './text.ts';
import { type Device, openVisit, track, type Visit } from './visit.ts';
import type { World } from './world.ts';

interface Plan {
  readonly at: number;
  readonly isOrder: boolean;
}

const lastVisitMs = 2 * hourMs;
const orderVisitMs = 20 * minuteMs;

/** All visits and orders of a person, oldest first: the arrival, the orders, and looking around between. */
function planVisits(world: World, person: Person): Plan[] {
  const { calendar } = world;
  const { arrivedAt, orderTimes, random } = person;
  const plans: Plan[] = orderTimes.map((at) => ({ at, isOrder: true }));
  const first = orderTimes[0];
  if (first === undefined || first - arrivedAt > 2 * hourMs) plans.push({ at: arrivedAt, isOrder: false });
  const start = calendar.toOperational(arrivedAt);
  // those who buy come back all the time until they leave; others for some weeks
  const end = person.purchase.isBuyer
    ? calendar.toOperational(person.purchase.droppedOutAt ?? calendar.endAt - 1)
    : Math.min(start + 90, calendar.countDays);
  const mean = person.purchase.isBuyer ? 1 + (end - start) / 75 : 1.6;
  const countVisits = Math.min(drawVisits(random, mean), 40);
  for (let visit = 0; visit < countVisits; visit += 1) {
    const share = person.purchase.isBuyer ? random.next() : random.next() ** 2;
    plans.push({ at: Math.floor(calendar.fromOperational(start + share * (end - start))), isOrder: false });
  }
  return plans
    .filter((plan) => plan.isOrder || plan.at < calendar.endAt - lastVisitMs)
    .sort((a, b) => a.at - b.at);
}

/** When the person joins, as a position among the visits; -1 for never. */
function planSignUp(world: World, person: Person, plans: readonly Plan[]): number {
  const { random } = person;
  const orders = plans.flatMap((plan, index) => (plan.isOrder ? [index] : []));
  const firstOrder = orders[0];
  if (firstOrder === undefined) {
    return chance(random, rates.sign_up_without_order) ? Math.floor(random.next() * plans.length) : -1;
  }
  if (world.calendar.isPure || !chance(random, rates.guest_first_order)) {
    return chance(random, 0.15) ? Math.floor(random.next() * (firstOrder + 1)) : firstOrder;
  }
  return chance(random, 0.6) ? (orders[1] ?? -1) : -1;
}

function drawOrderChannel(person: Person, device: Device, isFirst: boolean): OrderChannel {
  const { otherChannel, random, arrivalOrigin } = person;
  if (otherChannel === undefined) return device;
  const cameByIt = isFirst && itemAt(origins, arrivalOrigin).channel === otherChannel;
  return cameByIt || chance(random, 0.3) ? otherChannel : device;
}

interface Course {
  readonly world: World;
  readonly person: Person;
  readonly signUpAt: number;
  readonly known: { web: boolean; mobile: boolean };
  hasInstalled: boolean;
  countOrders: number;
}

function drawDevice(course: Course, isFirstVisit: boolean): Device {
  const { person } = course;
  if (!person.hasApp) return 'web';
  // most meet the shop on the web and take the app later
  const share = isFirstVisit ? 0.35 : rates.app_visit_share_of_app_users;
  return chance(person.random, share) ? 'mobile' : 'web';
}

function drawOrigin(course: Course, device: Device, isFirstVisit: boolean): number {
  const { person } = course;
  if (isFirstVisit) return person.arrivalOrigin;
  const drawn = pickReturn(person.random);
  const { channel } = itemAt(origins, drawn);
  const isMessage = channel === 'email' || channel === 'sms' || channel === 'whatsapp' || channel === 'push';
  const isPossible = isMessage
    ? person.hasMarketingConsent &&
      person.signedUpAt !== Number.POSITIVE_INFINITY &&
      (channel !== 'push' || person.hasApp)
    : device === 'web' || itemAt(origins, drawn).source !== '';
  return isPossible ? drawn : origins.indexOf(direct);
}

function beginVisit(course: Course, plan: Plan, isFirstVisit: boolean): Visit {
  const { world, person } = course;
  const device = drawDevice(course, isFirstVisit);
  const visit = openVisit(world, person, {
    at: plan.isOrder ? plan.at - orderVisitMs : plan.at,
    device,
    origin: drawOrigin(course, device, isFirstVisit),
    pauseMs: plan.isOrder ? 40_000 : 55_000,
  });
  if (device === 'mobile' && !course.hasInstalled) {
    course.hasInstalled = true;
    track(visit, 'Application Installed', '"version":"4.2.0","build":"420"');
  }
  land(visit);
  return visit;
}

function becomeKnown(course: Course, visit: Visit, isSignUp: boolean): void {
  const { person, known } = course;
  if (isSignUp) {
    signUp(visit);
    known[visit.device] = true;
    joinAfterSignUp(course, visit);
    return;
  }
  if (person.signedUpAt > visit.at) return;
  if (known[visit.device]) visit.who += `,"userId":"${itemAt(person.identity.userId.forms, 0)}"`;
  else if (chance(person.random, 0.85)) {
    signIn(visit);
    known[visit.device] = true;
  }
}

function joinAfterSignUp(course: Course, visit: Visit): void {
  const { world, person } = course;
  if (world.calendar.isPure) return;
  settleConsents(world, person);
  acceptReferral(world, person, visit.at + 4000);
  if (chance(person.random, rates.loyalty_of_signed_up)) joinLoyalty(world, person, visit.at + 5000);
  welcome(world, person);
}

function order(course: Course, plan: Plan, visit: Visit | undefined, channel: OrderChannel): void {
  const { world, person } = course;
  const origin = visit === undefined || channel !== visit.device ? direct : visit.origin;
  const made = createOrder(world, person, {
    at: plan.at,
    channel,
    origin,
    isFirst: course.countOrders === 0,
  });
  course.countOrders += 1;
  if (visit !== undefined) fillCart(visit, made);
  writePayments(world, person, made);
  writeOrder(world, person, made);
  follow(world, person, made);
}

function fillCart(visit: Visit, made: Order): void {
  const cartId = nextId(visit.person, 'c-');
  for (const line of made.lines) {
    viewProduct(visit, line.product);
    addProduct(visit, line.product, cartId);
  }
  const checkout = `"checkout_id":"k-${cartId}"`;
  track(
    visit,
    'Checkout Started',
    `"cart_id":"${cartId}",${checkout},"order_id":"${made.id}","currency":"TRY"`,
  );
  track(visit, 'Payment Info Entered', `${checkout},"payment_method":"${made.paymentMethod}"`);
}

function follow(world: World, person: Person, made: Order): void {
  if (cancel(world, person, made)) return;
  const delivery = deliver(world, person, made);
  if (delivery === undefined || world.calendar.isPure) return;
  const after = { order: made, delivery };
  followUp(world, person, after);
  const isReturned = returnGoods(world, person, after);
  raiseTicket(world, person, after);
  surveyDelivery(world, person, after);
  lookForHelp(world, person, after);
  if (!isReturned) advocate(world, person, after);
}

function runVisit(course: Course, plan: Plan, position: number): void {
  const { person } = course;
  const isFirstVisit = position === 0;
  const place = itemAt(origins, person.arrivalOrigin).channel;
  const isElsewhere = plan.isOrder && isFirstVisit && (place === 'store' || place === 'marketplace');
  const isSignUp = position === course.signUpAt;
  if (isElsewhere && !isSignUp && person.otherChannel !== undefined) {
    order(course, plan, undefined, person.otherChannel);
    return;
  }
  const visit = beginVisit(course, plan, isFirstVisit);
  becomeKnown(course, visit, isSignUp);
  if (plan.isOrder) {
    const channel = drawOrderChannel(person, visit.device, course.countOrders === 0);
    order(course, plan, visit.device === channel ? visit : undefined, channel);
  } else {
    browse(visit);
    askOnAnotherChannel(visit);
  }
}

function writeTruth(world: World, person: Person, hasOrdered: boolean): void {
  const { identity, purchase } = person;
  const { isoAt } = world.calendar;
  const time = (at: number | undefined): string =>
    at === undefined || at === Number.POSITIVE_INFINITY ? '' : isoAt(at);
  const meanValue = spendModel.p / purchase.nu;
  const arrival = itemAt(origins, person.arrivalOrigin).channel;
  const first = hasOrdered ? time(person.orderTimes[0]) : '';
  const values = [purchase.lambda, purchase.p].map((value) => value.toFixed(9));
  const userId = identity.userId.written === 0 ? '' : itemAt(identity.userId.forms, 0);
  world.out.addCustomer(
    [
      `${person.id},${userId},H${personId(identity.phoneOwner).slice(1)},${person.type},${person.city},${arrival}`,
      `${isoAt(person.arrivedAt)},${time(person.signedUpAt)},${hasOrdered},${first},${person.orderTimes.length}`,
      `${values.join(',')},${time(purchase.droppedOutAt)},${meanValue.toFixed(2)},${person.discountDependence}`,
      `${person.satisfaction},${person.referral?.personId ?? ''},${person.isSelfReferral}`,
    ].join(','),
  );
  const all: readonly Spellings[] = [
    identity.userId,
    identity.webId,
    identity.appId,
    identity.deviceId,
    identity.loyaltyId,
    identity.email,
    identity.relayEmail,
    identity.phone,
  ];
  for (const spellings of all) {
    spellings.forms.forEach((form, index) => {
      if ((spellings.written & (1 << index)) === 0) return;
      world.out.addIdentity(`${person.id},${spellings.type},${csvText(form)}`);
    });
  }
}

/** Draws a person and writes the whole of their journey. */
export function simulatePerson(world: World, index: number): void {
  const person = createPerson(world, index);
  const plans = planVisits(world, person);
  const course: Course = {
    world,
    person,
    signUpAt: planSignUp(world, person, plans),
    known: { web: false, mobile: false },
    hasInstalled: false,
    countOrders: 0,
  };
  leaveLead(world, person);
  plans.forEach((plan, position) => {
    runVisit(course, plan, position);
  });
  if (!world.calendar.isPure) remind(world, person);
  writeTruth(world, person, person.orderTimes.length > 0);
}
