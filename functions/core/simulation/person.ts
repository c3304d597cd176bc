import { createIdentity, type Identity } from './identity.ts';
import { influenceOf, type MarketingChannel, origins, pickArrival } from './marketing.ts';
import { pickCity } from './names.ts';
import {
  buyerShare,
  discountDependence,
  purchaseModel,
  rates,
  type ShopperType,
  shopperWeights,
  spendModel,
} from './parameters.ts';
import {
  beta,
  chance,
  createPicker,
  createRandom,
  exponential,
  gamma,
  geometric,
  itemAt,
  type Random,
} from './random.ts';
import { letterCode } from './text.ts';
import { findReferral, type Referral, type World } from './world.ts';

export interface Person {
  readonly index: number;
  readonly id: string;
  /** Names the person within other ids; letters and digits, never ten digits in a row. */
  readonly code: string;
  readonly random: Random;
  /** Of what came to the store later, so that it moves nothing that was there. */
  readonly careRandom: Random;
  readonly identity: Identity;
  readonly type: ShopperType;
  readonly city: string;
  readonly arrivedAt: number;
  readonly arrivalOrigin: number;
  readonly referral: Referral | undefined;
  readonly referralCode: string;
  readonly hasApp: boolean;
  readonly usesDesktop: boolean;
  /** A place of purchase beside the site and the app. */
  readonly otherChannel: 'store' | 'call_center' | 'whatsapp' | 'marketplace' | undefined;
  readonly satisfaction: number;
  readonly discountDependence: number;
  readonly hasMarketingConsent: boolean;
  readonly purchase: Purchasing;
  /** Whether the person ever buys within the simulation. */
  readonly orderTimes: readonly number[];
  sequence: number;
  signedUpAt: number;
  /** When the shop first had an address to write to. */
  reachableAt: number;
  isLoyaltyMember: boolean;
  isSelfReferral: boolean;
}

export interface Purchasing {
  readonly isBuyer: boolean;
  readonly lambda: number;
  readonly p: number;
  readonly nu: number;
  /** Time of the purchase after which the person left; undefined while still a customer. */
  readonly droppedOutAt: number | undefined;
}

/** Beyond the numbers of all persons. */
const firstCareStream = 1_000_000_000;

const golden = 0.6180339887498949;
const minuteMs = 60_000;
const firstVisitMs = 25 * minuteMs;

const pickType = createPicker(shopperWeights);
const pickOther = createPicker<Person['otherChannel']>([
  [undefined, 74],
  ['store', 13],
  ['call_center', 4],
  ['whatsapp', 6],
  ['marketplace', 3],
]);

/** Arrivals fill the time evenly from the first persons on, so that a run may stop after any number of them. */
function drawArrival(world: World, index: number): number {
  const { calendar } = world;
  const usable = calendar.countDays - 0.1;
  const share = (index * golden) % 1;
  return Math.max(Math.floor(calendar.fromOperational(share * usable)), calendar.startAt + 1);
}

/** How long after the first visit the first order comes, in operational days. */
function drawFirstDelay(random: Random): number {
  return chance(random, 0.3) ? 0 : exponential(random, 1 / 24);
}

interface Purchases {
  readonly times: readonly number[];
  readonly droppedOutAt: number | undefined;
}

/** BG/NBD: the first purchase opens the relation; after each further one the person leaves with probability p. */
function drawPurchases(
  world: World,
  random: Random,
  from: { at: number; lambda: number; p: number },
): Purchases {
  const { calendar } = world;
  const times: number[] = [];
  let at = from.at;
  while (at < calendar.endAt) {
    times.push(Math.floor(at));
    if (times.length > 1 && chance(random, from.p)) return { times, droppedOutAt: Math.floor(at) };
    at = calendar.fromOperational(calendar.toOperational(at) + exponential(random, from.lambda));
  }
  return { times, droppedOutAt: undefined };
}

function drawBuying(world: World, random: Random, arrival: { at: number; channel: MarketingChannel }) {
  const { calendar } = world;
  const lambda = gamma(random, purchaseModel.r, purchaseModel.alpha);
  const p = beta(random, purchaseModel.a, purchaseModel.b);
  const nu = gamma(random, spendModel.q, spendModel.gamma);
  const isBuyer = chance(random, buyerShare * influenceOf(arrival.channel));
  const first = calendar.fromOperational(calendar.toOperational(arrival.at) + drawFirstDelay(random));
  const at = Math.max(first, arrival.at + firstVisitMs);
  const bought = isBuyer
    ? drawPurchases(world, random, { at, lambda, p })
    : { times: [], droppedOutAt: undefined };
  const purchase: Purchasing = { isBuyer, lambda, p, nu, droppedOutAt: bought.droppedOutAt };
  return { purchase, orderTimes: bought.times };
}

function otherChannelOf(world: World, random: Random, channel: MarketingChannel): Person['otherChannel'] {
  if (world.calendar.isPure) return undefined;
  if (channel === 'store' || channel === 'call_center' || channel === 'marketplace') return channel;
  return pickOther(random);
}

export function createPerson(world: World, index: number): Person {
  const random = createRandom(world.seed, index);
  const arrivedAt = drawArrival(world, index);
  const drawn = pickArrival(random);
  const referral =
    itemAt(origins, drawn).channel === 'referral_program' ? findReferral(world, arrivedAt) : undefined;
  // nobody can come by a recommendation that nobody sent
  const isOrphan = itemAt(origins, drawn).channel === 'referral_program' && referral === undefined;
  const arrivalOrigin = isOrphan ? origins.length - 1 : drawn;
  const { channel } = itemAt(origins, arrivalOrigin);
  const identity = createIdentity(random, { seed: world.seed, index, isPure: world.calendar.isPure });
  const type = pickType(random);
  return {
    index,
    id: personId(index),
    code: index.toString(36),
    random,
    careRandom: createRandom(world.seed, firstCareStream + index),
    identity,
    type,
    city: pickCity(random),
    arrivedAt,
    arrivalOrigin,
    referral,
    referralCode: `REF-${letterCode(index).toUpperCase()}`,
    hasApp: chance(random, rates.has_app),
    usesDesktop: chance(random, 0.5),
    otherChannel: otherChannelOf(world, random, channel),
    satisfaction: Math.round(beta(random, 5, 2) * 1000) / 1000,
    discountDependence: discountDependence[type],
    hasMarketingConsent: chance(random, rates.marketing_consent),
    ...drawBuying(world, random, { at: arrivedAt, channel }),
    sequence: 0,
    signedUpAt: Number.POSITIVE_INFINITY,
    reachableAt: Number.POSITIVE_INFINITY,
    isLoyaltyMember: false,
    isSelfReferral: false,
  };
}

export function personId(index: number): string {
  return `P${String(index + 1).padStart(6, '0')}`;
}

/** An id that no other touchpoint has: a prefix, the person and a running number. */
export function nextId(person: Person, prefix: string): string {
  person.sequence += 1;
  return `${prefix}${person.code}-${person.sequence.toString(36)}`;
}

export function drawVisits(random: Random, mean: number): number {
  return geometric(random, mean / (1 + mean));
}
