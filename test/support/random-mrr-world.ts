import { addDays } from '../oracle/local-time.ts';
import type { People } from '../oracle/mrr-kpis.ts';
import type { MrrWorld, PlanVersion, Received } from '../oracle/subscriptions.ts';
import { type Chance, chanceOf } from './chance.ts';
import { localMidnight } from './world-times.ts';

/** What a world needs beside what the oracle reads. */
export type RandomMrrWorld = MrrWorld & {
  readonly people: People;
  readonly currencies: readonly string[];
  readonly firstDay: string;
  readonly lastDay: string;
};

export const mrrSpan = { firstDay: '2022-12-01', lastDay: '2025-03-31' } as const;
const first = '2023-01-01';
const countDays = 760;
const zones = ['Europe/Istanbul', 'Europe/London', 'UTC', 'America/New_York'] as const;
const foreign = ['USD', 'EUR'] as const;

const midnights = new Map<string, number>();
function midnightIn(timeZone: string, day: string): number {
  const key = `${timeZone} ${day}`;
  const known = midnights.get(key) ?? localMidnight(day, timeZone);
  midnights.set(key, known);
  return known;
}

/** Rates of a day, by its number: they wander, with eight digits. */
function rateOn(currency: string, day: string): bigint {
  const base = currency === 'USD' ? 2_900_000_000n : 3_100_000_000n;
  const number = BigInt(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
  return base + ((number * 7_919n) % 1_000n) * 123_457n;
}

const planVersions: readonly PlanVersion[] = [
  { plan: 'yearly', cents: 120_006n, currency_code: 'TRY', billing_period: 'year', valid_from: '2023-01-01' },
  { plan: 'yearly', cents: 150_000n, currency_code: 'USD', billing_period: 'year', valid_from: '2024-02-01' },
  { plan: 'weekly', cents: 1_099n, currency_code: 'TRY', billing_period: 'week', valid_from: '2023-06-01' },
  { plan: 'monthly', cents: 4_999n, currency_code: 'EUR', billing_period: 'month', valid_from: '2022-12-15' },
  { plan: 'odd', cents: 100n, currency_code: 'TRY', billing_period: 'decade', valid_from: '2022-12-15' },
];

const kinds = [
  'subscription_renewed',
  'subscription_renewed',
  'subscription_upgraded',
  'subscription_upgraded',
  'subscription_downgraded',
  'addon_purchased',
  'subscription_paused',
  'subscription_paused',
  'subscription_resumed',
  'subscription_cancelled',
  'subscription_cancelled',
  'subscription_ended',
  'subscription_ended',
  'subscription_started',
  'save_offer_made',
  'save_offer_accepted',
];

export function randomMrrWorld(seed: number): RandomMrrWorld {
  const chance = chanceOf(seed * 7_907 + 11);
  const timeZone = chance.pick(zones);
  const midnightOf = (day: string) => midnightIn(timeZone, day);
  const day = () => addDays(first, chance.whole(0, countDays));
  const monthStart = () => `${day().slice(0, 7)}-01`;
  const asOf = chance.happens(0.5)
    ? midnightOf(chance.pick(['2024-06-01', '2024-12-01', '2025-02-01']))
    : midnightOf(addDays('2024-03-01', chance.whole(0, 330))) + chance.whole(0, 86_399_999);
  const instant = (): number => {
    if (chance.happens(0.25)) return midnightOf(monthStart()) + chance.pick([-1, 0, 0, 1]);
    return midnightOf(day()) + chance.pick([0, 10, 36_000_000, 50_000_123]);
  };
  const persons = Array.from({ length: chance.whole(3, 7) }, (_, index) => `c${index + 1}`);
  const received: Received[] = [];
  for (const person of persons) {
    for (let number = 1; number <= chance.whole(1, 3); number += 1) {
      addSubscription({ chance, received, person, persons, instant, day }, `${person}-s${number}`);
    }
  }
  const people = new Map(
    persons.map((person) => [
      person,
      {
        acquisition_channel: chance.pick(['email', 'direct', null]),
        country: chance.pick(['TR', 'DE', null]),
      },
    ]),
  );
  const currency = 'TRY';
  const currencies = [...foreign];
  return {
    asOf,
    timeZone,
    currency,
    received,
    plans: planVersions,
    rateOn,
    midnightOf,
    people,
    currencies,
    ...mrrSpan,
  };
}

type Drawing = {
  readonly chance: Chance;
  readonly received: Received[];
  readonly person: string;
  readonly persons: readonly string[];
  readonly instant: () => number;
  readonly day: () => string;
};

function addSubscription(drawing: Drawing, id: string): void {
  const { chance, received, instant } = drawing;
  const times = Array.from({ length: chance.whole(1, 9) }, instant).sort((a, b) => a - b);
  // a subscription usually begins with its start, and now and then two things happen at one instant
  for (const [index, time] of times.entries()) {
    const event = index === 0 && chance.happens(0.85) ? 'subscription_started' : chance.pick(kinds);
    const at = index > 0 && chance.happens(0.12) ? (times[index - 1] ?? time) : time;
    received.push(touchpoint(drawing, { id, event, at }));
    // a dearer plan and more of it, in one month
    if (event === 'subscription_upgraded' && chance.happens(0.3)) received.push(...risen(drawing, id, at));
  }
}

function risen({ received, person }: Drawing, id: string, at: number): Received[] {
  return ['price', 'seats'].map((cause, index) => ({
    touchpoint_id: `r${index}-${received.length}`,
    customer_id: person,
    event: 'subscription_upgraded',
    occurred_at: at + index + 1,
    currency_code: 'TRY',
    properties: { subscription_id: id, mrr: 200 + 50 * index, cause },
  }));
}

function touchpoint(
  drawing: Drawing,
  { id, event, at }: { id: string; event: string; at: number },
): Received {
  const { chance, person, persons, received, day } = drawing;
  const near = (days: number) => new Date(at + days * 86_400_000).toISOString().slice(0, 10);
  const named = () =>
    chance.pick([near(0), near(1), near(10), near(30), near(31), near(90), day(), 'soon', '2034-01-01']);
  const sometimes = <Value>(share: number, value: () => Value) =>
    chance.happens(share) ? value() : undefined;
  const stated = () =>
    chance.pick<unknown>([10, 10, 25.5, 99.99, 1234.565, 0, '15.25', -3, 'about ten', 1_000_000_000_000]);
  const properties = {
    subscription_id: chance.happens(0.01) ? undefined : id,
    mrr: sometimes(event.startsWith('save') ? 0 : 0.75, stated),
    plan: sometimes(0.5, () => chance.pick(['yearly', 'weekly', 'monthly', 'odd', 'unknown'])),
    to_plan: sometimes(0.1, () => 'weekly'),
    cause: sometimes(0.7, () => chance.pick(['plan', 'seats', 'price', 'price', 'usage'])),
    ends_on: sometimes(0.4, named),
    until: sometimes(0.6, named),
    effective_on: sometimes(0.8, named),
    term_months: sometimes(0.4, () => chance.pick<unknown>([1, 3, 12, 0, 1.5, '6'])),
  };
  return {
    touchpoint_id: `t${chance.whole(100, 999)}-${received.length}`,
    customer_id: chance.happens(0.03) ? chance.pick(persons) : person,
    event,
    occurred_at: at,
    currency_code: chance.pick(['TRY', 'TRY', 'USD', 'EUR', null]),
    properties: chance.happens(0.01) ? null : properties,
  };
}
