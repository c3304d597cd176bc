import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  type Condition,
  dayMilliseconds,
  type Lifecycle,
  listOf,
  type Matcher,
  type Scalar,
  type Touchpoint,
} from '../oracle/lifecycle/types.ts';
import { type Chance, chanceOf } from './chance.ts';
import type { LifecycleInput } from './lifecycle-engine.ts';

const folder = join(import.meta.dirname, '..', '..', 'sql', 'lifecycles');

/** The lifecycles that the project ships, as their files say them. */
export function builtInLifecycles(): Lifecycle[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yml'));
  return files.sort().map((file) => parse(readFileSync(join(folder, file), 'utf8')) as Lifecycle);
}

const columns = ['product_id', 'category', 'campaign_source', 'campaign_medium', 'campaign_name'];

/** Two years of customers who do what the shipped lifecycles look for, mostly in the way they look for it. */
export function templateWorld(seed: number): LifecycleInput {
  const chance = chanceOf(seed);
  const lifecycles = builtInLifecycles();
  const matchers = lifecycles.flatMap(matchersOf);
  const from = Date.parse('2023-01-01T00:00:00Z');
  const customers = Array.from({ length: 25 }, (_, index) => ({
    id: `c${index}`,
    // someone who comes every few days, and someone who comes twice a year
    gapDays: chance.pick([2, 10, 30, 90, 180]),
  }));
  const touchpoints = customers.flatMap(({ id, gapDays }) => {
    let occurred_at = from + chance.whole(0, 300 * dayMilliseconds);
    return Array.from({ length: chance.whole(0, 30) }, (_, index) => {
      occurred_at += chance.happens(0.2) ? 0 : chance.whole(0, 2 * gapDays * dayMilliseconds);
      return touchpointFor(
        chance.pick(matchers),
        { id: `${id}:${index}`, customer_id: id, occurred_at },
        chance,
      );
    });
  });
  const asOf = from + chance.whole(400 * 24, 730 * 24) * (dayMilliseconds / 24);
  return {
    run: { asOf, timeZone: chance.pick(['Europe/Istanbul', 'America/New_York']) },
    touchpoints,
    lifecycles,
  };
}

function matchersOf({ stages }: Lifecycle): Matcher[] {
  return stages.flatMap(({ enter = [], leave = [] }) => [
    ...enter,
    ...enter.flatMap(({ after }) => after ?? []),
    ...leave,
  ]);
}

function touchpointFor(
  matcher: Matcher,
  place: { readonly id: string; readonly customer_id: string; readonly occurred_at: number },
  chance: Chance,
): Touchpoint {
  const event = chance.pick(listOf<string>(matcher.event));
  const values = Object.fromEntries(
    listOf(matcher.where).map((condition) => [condition.property, valueFor(condition, chance)]),
  );
  const column = (name: string) =>
    columns.includes(name) && values[name] !== undefined ? String(values[name]) : null;
  return {
    touchpoint_id: place.id,
    customer_id: place.customer_id,
    occurred_at: place.occurred_at,
    event: event === '*' ? 'page_viewed' : event,
    channel: chance.pick(['web', 'mobile', 'store', 'email', null]),
    order_id: event === 'order_completed' ? place.id : null,
    product_id: column('product_id'),
    category: column('category'),
    campaign_source: column('campaign_source'),
    campaign_medium: column('campaign_medium'),
    campaign_name: column('campaign_name'),
    reporting_amount: event === 'order_completed' ? BigInt(chance.whole(0, 5)) * 1000n : null,
    properties: JSON.stringify(values),
  };
}

/** A value that mostly satisfies the condition, and lies just beside it otherwise. */
function valueFor({ eq, in: listed, gte, lte }: Condition, chance: Chance): Scalar {
  if (chance.happens(0.1)) return chance.pick<Scalar>(['other', 0, false]);
  const bound = gte ?? lte;
  if (bound !== undefined) return Number(bound) + chance.whole(-1, 1);
  return eq ?? (listed === undefined ? 'there' : chance.pick(listed));
}
