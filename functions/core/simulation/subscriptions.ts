import { dayMs } from './feasts.ts';
import { write } from './identity.ts';
import type { Person } from './person.ts';
import { between, chance, createRandom, pick, type Random } from './random.ts';
import { isInside, type World } from './world.ts';

// The shop's paid club: delivery without a fee and prices of its own, by the month, the quarter or the year.

interface Plan {
  readonly name: string;
  readonly mrr: number;
  readonly period: 'month' | 'year';
  /** What is paid at once; 0 for a plan that goes on until it is ended. */
  readonly termMonths: number;
}

const plans: readonly Plan[] = [
  { name: 'kulup', mrr: 149.9, period: 'month', termMonths: 0 },
  { name: 'kulup', mrr: 149.9, period: 'month', termMonths: 0 },
  { name: 'kulup-uc-aylik', mrr: 129.9, period: 'month', termMonths: 3 },
  { name: 'kulup-yillik', mrr: 119.9, period: 'year', termMonths: 12 },
];

const rates = {
  joins: 0.3,
  tries: 0.7,
  paysAfterTrial: 0.55,
  leaves: 0.06,
  offered: 0.4,
  accepts: 0.45,
  comesBack: 0.25,
  pauses: 0.03,
  familyPlan: 0.03,
  smallerPlan: 0.02,
  addOn: 0.02,
} as const;

const reasons = ['fiyat', 'az_kullaniyorum', 'memnun_degilim'] as const;

interface Membership {
  readonly world: World;
  readonly person: Person;
  readonly random: Random;
  readonly id: string;
  readonly plan: Plan;
  /** What is paid by month, and the part of it that add-ons are. */
  mrr: number;
}

type Fields = Readonly<Partial<Record<(typeof columns)[number], string | number>>>;

const columns = [
  'event',
  'plan',
  'from_plan',
  'mrr',
  'previous_mrr',
  'billing_period',
  'term_months',
  'ends_on',
  'effective_on',
  'until',
  'cause',
  'reason',
  'voluntary',
  'addon',
  'offer',
] as const;

const money = (amount: number): string => amount.toFixed(2);

/** The local day of an instant. */
const dayAt = (at: number): string => new Date(at + 3 * 3_600_000).toISOString().slice(0, 10);

/** So many months later, on the last day of a shorter month at the latest. */
function monthsLater(at: number, months: number): number {
  const date = new Date(at);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

function row({ world, person, id, plan }: Membership, at: number, fields: Fields): void {
  if (!isInside(world, at)) return;
  const cells = columns.map((column) => fields[column] ?? (column === 'plan' ? plan.name : ''));
  world.out.add(
    'subscriptions',
    `${id},${world.calendar.isoAt(at)},${write(person.identity.userId)},TRY,${cells.join(',')}`,
  );
}

/** Draws whether somebody with an account joins the club, and writes all that comes of it. */
export function subscribe(world: World, person: Person): void {
  // a stream of its own, so that the rest of the store is the same with and without the club
  const random = createRandom(world.seed, 1_000_000_000 + person.index);
  if (!Number.isFinite(person.signedUpAt) || !chance(random, rates.joins)) return;
  const membership: Membership = {
    world,
    person,
    random,
    id: `KLP-${person.code}`,
    plan: pick(random, plans),
    mrr: 0,
  };
  const at = Math.floor(person.signedUpAt + between(random, 0.01, 45) * dayMs);
  const startsAt = chance(random, rates.tries) ? tryIt(membership, at) : at;
  if (startsAt !== undefined) pay(membership, startsAt);
}

/** Two weeks for nothing; answers when the person begins to pay. */
function tryIt(membership: Membership, at: number): number | undefined {
  const { random } = membership;
  const endsAt = at + 14 * dayMs;
  row(membership, at, { event: 'trial_started', ends_on: dayAt(endsAt - dayMs) });
  row(membership, endsAt, { event: 'trial_ended' });
  return chance(random, rates.paysAfterTrial)
    ? Math.floor(endsAt + between(random, 0.01, 5) * dayMs)
    : undefined;
}

function pay(membership: Membership, startsAt: number): void {
  const { world, plan } = membership;
  membership.mrr = plan.mrr;
  const billing = { plan: plan.name, billing_period: plan.period };
  row(membership, startsAt, {
    event: 'started',
    mrr: money(plan.mrr),
    ends_on: endOfTerm(plan, startsAt),
    ...billing,
  });
  for (let month = 1; ; month += 1) {
    const at = monthsLater(startsAt, month);
    if (at >= world.calendar.endAt || !staysAt(membership, at, month)) return;
  }
}

/** The last day that is paid for by what is paid at this instant. */
const endOfTerm = ({ termMonths }: Plan, at: number): string =>
  termMonths > 0 ? dayAt(monthsLater(at, termMonths) - dayMs) : '';

/** What comes of one month; false when the person is gone for good. */
function staysAt(membership: Membership, at: number, month: number): boolean {
  const { random, plan } = membership;
  const isDue = plan.termMonths > 0 && month % plan.termMonths === 0;
  const mayLeave = plan.termMonths === 0 || isDue;
  if (mayLeave && chance(random, isDue ? rates.leaves * 3 : rates.leaves) && leave(membership, at, isDue)) {
    return false;
  }
  if (isDue) renew(membership, at, endOfTerm(plan, at));
  else change(membership, at);
  return true;
}

/** The price of a renewal follows the price level. */
function renew(membership: Membership, at: number, endsOn: string): void {
  const { world, random, plan } = membership;
  membership.mrr = Math.round(plan.mrr * world.calendar.priceIndexAt(at) * 100) / 100;
  const paidAt = Math.floor(at + between(random, -2, 6) * dayMs);
  row(membership, paidAt, {
    event: 'renewed',
    mrr: money(membership.mrr),
    term_months: plan.termMonths,
    ends_on: endsOn,
  });
}

/** True when the person is gone for good. */
function leave(membership: Membership, at: number, isDue: boolean): boolean {
  const { world, random } = membership;
  const saidAt = Math.floor(at - between(random, 0.1, 9) * dayMs);
  const reason = pick(random, reasons);
  if (!isDue && chance(random, 0.3)) {
    row(membership, at, {
      event: 'ended',
      mrr: money(membership.mrr),
      reason: 'odeme_alinamadi',
      voluntary: 'false',
    });
  } else {
    const effective = { effective_on: dayAt(at), reason, voluntary: 'true' };
    row(membership, saidAt, { event: 'cancelled', mrr: money(membership.mrr), ...effective });
    if (chance(random, rates.offered)) {
      row(membership, saidAt + 60_000, { event: 'save_offer_made', offer: 'iki_ay_yari_fiyat' });
      if (chance(random, rates.accepts)) {
        row(membership, saidAt + 3_600_000, { event: 'save_offer_accepted', offer: 'iki_ay_yari_fiyat' });
        return false;
      }
    }
    row(membership, at, { event: 'ended', mrr: money(membership.mrr), reason, voluntary: 'true' });
  }
  const backAt = Math.floor(at + between(random, 40, 200) * dayMs);
  if (chance(random, rates.comesBack) && isInside(world, backAt)) pay(membership, backAt);
  return true;
}

/** What else happens in a month: a pause, another plan, an add-on, or the price of the new year. */
function change(membership: Membership, at: number): void {
  const { random, mrr, plan } = membership;
  const to = (event: string, amount: number, fields: Fields): void => {
    membership.mrr = Math.round(amount * 100) / 100;
    row(membership, at, { event, mrr: money(membership.mrr), previous_mrr: money(mrr), ...fields });
  };
  const drawn = random.next();
  const { pauses, familyPlan, smallerPlan, addOn } = rates;
  if (drawn < pauses) pause(membership, at);
  else if (drawn < pauses + familyPlan)
    to('upgraded', mrr * 1.6, { from_plan: plan.name, plan: 'kulup-aile', cause: 'plan' });
  else if (drawn < pauses + familyPlan + smallerPlan)
    to('downgraded', mrr * 0.7, { from_plan: plan.name, plan: 'kulup-az', cause: 'plan' });
  else if (drawn < pauses + familyPlan + smallerPlan + addOn) {
    membership.mrr = Math.round((mrr + 39.9) * 100) / 100;
    row(membership, at, { event: 'addon_purchased', mrr: money(39.9), addon: 'hediye_paketi' });
  } else if (dayAt(at).slice(5, 7) === '01') to('upgraded', mrr * 1.25, { cause: 'price' });
}

function pause(membership: Membership, at: number): void {
  const { random } = membership;
  const backAt = Math.floor(at + between(random, 5, 26) * dayMs);
  const isKnown = chance(random, 0.5);
  row(membership, at, { event: 'paused', until: isKnown ? dayAt(backAt) : '' });
  if (!isKnown) row(membership, backAt, { event: 'resumed' });
}
