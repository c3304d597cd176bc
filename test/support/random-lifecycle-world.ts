import type { Lifecycle, Policy, Run, Touchpoint } from '../oracle/lifecycle/types.ts';
import { addDays, daysBetween } from '../oracle/local-time.ts';
import { type Chance, chanceOf } from './chance.ts';
import { chooseLifecycle, worldChannels, worldEvents } from './lifecycle-world-rules.ts';
import { localMidnight } from './world-times.ts';

/** A small, unfriendly set of touchpoints, with lifecycles to hold against them. */
export type LifecycleWorld = {
  readonly number: number;
  readonly touchpoints: readonly Touchpoint[];
  readonly lifecycles: readonly Lifecycle[];
};

/** Worlds that share the as-of instant and the zone, so that one build answers for all of them. */
export type WorldGroup = { readonly run: Run; readonly worlds: readonly LifecycleWorld[] };

export const worldsPerGroup = 20;

/** Spans of local days around month ends and clock changes. */
const spans = [
  { timeZone: 'Europe/Istanbul', first: '2024-02-20', last: '2024-03-10' },
  { timeZone: 'Europe/Istanbul', first: '2023-12-01', last: '2024-02-10' },
  { timeZone: 'Europe/London', first: '2024-03-20', last: '2024-04-08' },
  { timeZone: 'Europe/London', first: '2023-10-20', last: '2023-11-10' },
  { timeZone: 'America/New_York', first: '2024-03-01', last: '2024-03-18' },
  { timeZone: 'America/New_York', first: '2024-10-25', last: '2024-12-20' },
  { timeZone: 'Asia/Kathmandu', first: '2023-12-20', last: '2024-01-15' },
  { timeZone: 'Asia/Kathmandu', first: '2024-02-25', last: '2024-04-05' },
] as const;

const hour = 3_600_000;
const day = 24 * hour;

type Times = {
  readonly run: Run;
  readonly midnights: readonly number[];
  readonly from: number;
  readonly to: number;
};

/** Numbers from 1; worlds with the same group number share a run. */
export function groupNumberOf(world: number): number {
  return Math.floor((world - 1) / worldsPerGroup);
}

/** Odd worlds run on `furthest`, even ones on `latest`. */
export function policyOf(world: number): Policy {
  return world % 2 === 1 ? 'furthest' : 'latest';
}

/** All worlds of a group, or the first so many of it. */
export function randomGroup(group: number, count = worldsPerGroup): WorldGroup {
  const times = chooseTimes(chanceOf(900_000 + group));
  const first = group * worldsPerGroup + 1;
  return {
    run: times.run,
    worlds: Array.from({ length: count }, (_, index) => randomWorld(first + index, times)),
  };
}

function chooseTimes(chance: Chance): Times {
  const { timeZone, first, last } = chance.pick(spans);
  const days = Array.from({ length: daysBetween(first, last) + 1 }, (_, index) => addDays(first, index));
  const midnights = days.map((local) => localMidnight(local, timeZone));
  const from = midnights[0] ?? 0;
  const to = localMidnight(addDays(last, 1), timeZone);
  return { run: { timeZone, asOf: chooseAsOf(chance, midnights, from, to) }, midnights, from, to };
}

/** At a local midnight, a few whole days after some instant, in the middle of a day, or long after everything. */
function chooseAsOf(chance: Chance, midnights: readonly number[], from: number, to: number): number {
  const late = midnights.slice(Math.floor(midnights.length / 2));
  const kind = chance.whole(0, 9);
  if (kind < 4) return chance.pick([...late, to, to]);
  if (kind < 6)
    return from + chance.whole(Math.floor((to - from) / 2 / hour), Math.floor((to - from) / hour)) * hour;
  if (kind < 8) return to + chance.pick([1, 25]) * day;
  return chance.pick(late) + chance.whole(-1, day);
}

function randomWorld(number: number, times: Times): LifecycleWorld {
  const chance = chanceOf(number * 7919);
  const lifecycles = Array.from({ length: chance.pick([1, 1, 2, 3]) }, (_, index) =>
    chooseLifecycle(`w${number}_${index + 1}`, policyOf(number), chance),
  );
  return { number, lifecycles, touchpoints: chooseTouchpoints(number, times, chance) };
}

/** What the touchpoints of one world choose from. */
type Cast = {
  readonly customers: readonly string[];
  readonly orderIds: readonly (string | null)[];
  readonly channels: readonly (string | null)[];
};

function chooseTouchpoints(number: number, times: Times, chance: Chance): Touchpoint[] {
  const count = chance.whole(0, 40);
  const cast: Cast = {
    customers: Array.from({ length: chance.whole(1, 5) }, (_, index) => `w${number}:c${index + 1}`),
    orderIds: [null, ...Array.from({ length: chance.whole(1, 8) }, (_, index) => `w${number}:o${index + 1}`)],
    channels: chance.happens(0.5) ? worldChannels : ['web', null],
  };
  const letters = chance.pick(idLetters);
  const lengths = chooseSpans(chance);
  const touchpoints: Touchpoint[] = [];
  for (let index = 0; index < count; index += 1) {
    const earlier = touchpoints.map(({ occurred_at }) => occurred_at);
    const place = {
      touchpoint_id: `w${number}:${chance.pick(letters)}${chance.happens(0.5) ? count - index : index}.${index}`,
      occurred_at: nextInstant(earlier, times, lengths, chance),
    };
    const chosen = chooseTouchpoint(place, cast, chance);
    const ordered = touchpoints.filter(({ order_id }) => order_id !== null);
    const isEcho = chance.happens(0.3) && ordered.length > 0;
    touchpoints.push(isEcho ? echoOf(chance.pick(ordered), chosen, times.run, chance) : chosen);
  }
  return touchpoints;
}

/** One more touchpoint of an order: another line, or what cancels or refunds it, often at that very or the as-of instant. */
function echoOf(line: Touchpoint, chosen: Touchpoint, { asOf }: Run, chance: Chance): Touchpoint {
  const { customer_id, event, order_id, reporting_amount, occurred_at } = line;
  const at = chance.pick([
    occurred_at,
    occurred_at,
    occurred_at,
    asOf,
    chosen.occurred_at,
    chosen.occurred_at,
  ]);
  const kind = chance.whole(0, 9);
  if (kind < 7) return { ...chosen, customer_id, event, order_id, occurred_at: at };
  if (kind < 9) return { ...chosen, event: 'order_refunded', order_id, reporting_amount, occurred_at: at };
  return { ...chosen, event: 'order_cancelled', order_id, occurred_at: at };
}

/** Letters whose bytes, UTF-16 units and dictionary places have different orders, some worlds of the last kind alone. */
const idLetters = [
  ['t'],
  ['t', 'T', '10', '9', 'é', 'z', 'ı', '_', ' ', '\uFF5E', '\u{1F600}'],
  ['\uFF5E', '\u{1F600}', '\uE000', '\u{10FFFD}'],
] as const;

/** Whole days between touchpoints, so that windows, holds and targets end exactly at touchpoints. */
function chooseSpans(chance: Chance): number[] {
  return Array.from({ length: 3 }, () => chance.pick([1, 1, 2, 3, 5, 10]) * day);
}

function nextInstant(
  earlier: readonly number[],
  { run, midnights, from, to }: Times,
  lengths: readonly number[],
  chance: Chance,
): number {
  const kind = chance.whole(0, 19);
  const nudge = chance.pick([0, 0, 0, -1, 1]);
  if (earlier.length > 0) {
    const last = chance.happens(0.5) ? (earlier.at(-1) ?? from) : chance.pick(earlier);
    if (kind < 4) return last;
    if (kind < 9) return last + chance.pick(lengths) + nudge;
    if (kind < 11) return last + chance.whole(1, 30) * hour;
  }
  if (kind < 14) return chance.pick(midnights) + nudge;
  if (kind < 16) return run.asOf - chance.pick([0, 0, 1, 2, 3, 5]) * day + nudge;
  return from + chance.whole(0, to - from - 1);
}

function chooseTouchpoint(
  place: Pick<Touchpoint, 'touchpoint_id' | 'occurred_at'>,
  cast: Cast,
  chance: Chance,
): Touchpoint {
  const event = chance.pick(worldEvents);
  return {
    ...place,
    customer_id: chance.pick(cast.customers),
    event,
    channel: chance.pick(cast.channels),
    order_id: chooseOrderId(event, cast, chance),
    product_id: chance.pick([null, null, '1', 'x', '']),
    category: chance.pick([null, 'x', '0.1', 'ğ', '']),
    campaign_source: chance.pick([null, null, 'x', '']),
    campaign_medium: chance.pick([null, null, 'true']),
    campaign_name: chance.pick([null, null, '100']),
    reporting_amount: chooseAmount(event, chance),
    properties: chooseProperties(chance),
  };
}

function chooseOrderId(event: string, { orderIds }: Cast, chance: Chance): string | null {
  if (event === 'order_completed') return chance.pick(orderIds);
  // most reversals speak of no order, so that most orders are left to be counted
  if (event.startsWith('order_')) return chance.happens(0.35) ? chance.pick(orderIds) : null;
  if (event === 'payment_succeeded') return chance.happens(0.3) ? '' : chance.pick(orderIds);
  return chance.happens(0.05) ? chance.pick(orderIds) : null;
}

function chooseAmount(event: string, chance: Chance): bigint | null {
  if (event === 'order_refunded') return chance.pick([null, 1n, 500n, 1000n, 2050n, 100000n]);
  if (event === 'order_cancelled') return chance.pick([null, 1000n]);
  if (event === 'order_completed')
    return chance.pick([null, 0n, 10n, 1000n, 1000n, 1000n, 1050n, -1000n, 2050n, 10000n]);
  return chance.pick([null, null, 0n, 100n, 1000n]);
}

/** Values as JSON writes them: the same number in several spellings, and texts that look like them. */
const propertyValues = [
  '1',
  '1.0',
  '1e0',
  '"1"',
  'true',
  '"true"',
  '"True"',
  'false',
  'null',
  '""',
  '0.10',
  '0.1',
  '"0.1"',
  '100',
  '1e2',
  '1E+2',
  '0',
  '-0',
  '-5',
  '-5.00',
  '9007199254740993',
  '9007199254740992',
  '0.1000000001',
  '"x"',
  '"ğ"',
  '"\\u011f"',
  '{}',
  '{"plan":1}',
  '[]',
  '[1]',
] as const;

const propertyKeys = [
  'plan',
  'score',
  'flag',
  'plan',
  'score',
  'channel',
  'amount',
  'category',
  'campaign_source',
];

function chooseProperties(chance: Chance): string | null {
  if (chance.happens(0.2)) return chance.pick([null, '{}']);
  const keys = new Set(Array.from({ length: chance.whole(1, 3) }, () => chance.pick(propertyKeys)));
  return `{${[...keys].map((key) => `"${key}":${chance.pick(propertyValues)}`).join(',')}}`;
}
