import { addDays, localDay, nextPeriod, periodStart } from './local-time.ts';
import { compareBytes, firstDifference, groupBy, parseDecimal } from './values.ts';

// Subscriptions and MRR as metrics.md and vocabulary.md (2.5) tell them, event by event, from what was received.

export type Received = {
  readonly touchpoint_id: string;
  readonly customer_id: string;
  readonly event: string;
  readonly occurred_at: number;
  readonly currency_code: string | null;
  readonly properties: Readonly<Record<string, unknown>> | null;
};

export type PlanVersion = {
  readonly plan: string;
  readonly cents: bigint;
  readonly currency_code: string;
  readonly billing_period: string;
  readonly valid_from: string;
};

export type MrrWorld = {
  readonly asOf: number;
  readonly timeZone: string;
  readonly currency: string;
  readonly received: readonly Received[];
  readonly plans: readonly PlanVersion[];
  /** Lira and the like for one unit, in units of 10^-8. */
  readonly rateOn: (currency: string, day: string) => bigint;
  readonly midnightOf: (day: string) => number;
};

/** What a subscription pays from an instant on, in hundredths. */
export type Point = {
  readonly at: number;
  readonly cause: string;
  readonly currency: string;
  readonly held: bigint;
  readonly paid: bigint;
};

export type Subscription = {
  readonly id: string;
  readonly customer: string;
  readonly points: readonly Point[];
  readonly events: readonly SubscriptionEvent[];
};

export type SubscriptionEvent = {
  readonly id: string;
  readonly name: string;
  readonly at: number;
  readonly customer: string;
  readonly currency: string;
  readonly mrr: bigint | undefined;
  readonly cause: string | undefined;
  /** The day that the event names, when it is one. */
  readonly day: string | undefined;
  readonly termMonths: number | undefined;
};

export const dayMs = 86_400_000;
const names = [
  'subscription_started',
  'subscription_renewed',
  'subscription_upgraded',
  'subscription_downgraded',
  'addon_purchased',
  'subscription_paused',
  'subscription_resumed',
  'subscription_cancelled',
  'subscription_ended',
  'save_offer_made',
  'save_offer_accepted',
];
const stating = names.slice(0, 4);
const dayOf: Readonly<Record<string, string>> = {
  subscription_started: 'ends_on',
  subscription_renewed: 'ends_on',
  subscription_paused: 'until',
  subscription_cancelled: 'effective_on',
};

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

/** "normalise price by billing period, week × 52/12, year / 12", halves up. */
function monthly({ cents, billing_period }: PlanVersion): bigint | undefined {
  if (billing_period === 'month') return cents;
  if (billing_period === 'year') return (cents + 6n) / 12n;
  return billing_period === 'week' ? (cents * 52n + 6n) / 12n : undefined;
}

function planPrice(world: MrrWorld, plan: string | undefined, day: string) {
  const versions = world.plans.filter((version) => version.plan === plan && version.valid_from <= day);
  const [latest] = versions.toSorted((a, b) => compareBytes(b.valid_from, a.valid_from));
  const price = latest === undefined ? undefined : monthly(latest);
  return latest === undefined || price === undefined ? undefined : { price, currency: latest.currency_code };
}

function eventOf(world: MrrWorld, touchpoint: Received): SubscriptionEvent {
  const { event, properties, occurred_at } = touchpoint;
  const day = localDay(occurred_at, world.timeZone);
  const given = parseDecimal(textOf(properties?.mrr) ?? '', 2);
  const known = given !== undefined && given >= 0n && given <= 99_999_999_999_900n ? given : undefined;
  const plan = textOf(properties?.to_plan) ?? textOf(properties?.plan);
  const price = known === undefined ? planPrice(world, plan, day) : undefined;
  const named = textOf(properties?.[dayOf[event] ?? ''])?.slice(0, 10);
  const term = Number(textOf(properties?.term_months) ?? Number.NaN);
  return {
    id: touchpoint.touchpoint_id,
    name: event,
    at: occurred_at,
    customer: touchpoint.customer_id,
    currency: price?.currency ?? touchpoint.currency_code ?? world.currency,
    mrr: known ?? (stating.includes(event) ? price?.price : undefined),
    cause: textOf(properties?.cause),
    day: named !== undefined && /^\d{4}-\d\d-\d\d$/.test(named) ? named : undefined,
    termMonths: Number.isInteger(term) && term >= 1 && term <= 120 ? term : undefined,
  };
}

const inOrder = (a: SubscriptionEvent, b: SubscriptionEvent): number =>
  firstDifference(a.at - b.at, compareBytes(a.id, b.id));

/** The subscriptions, each the customer's whose event is its first. */
export function subscriptionsOf(world: MrrWorld): Subscription[] {
  const own = world.received.filter(
    ({ event, occurred_at, properties }) =>
      names.includes(event) && occurred_at < world.asOf && (textOf(properties?.subscription_id) ?? '') !== '',
  );
  return [...groupBy(own, ({ properties }) => textOf(properties?.subscription_id) ?? '')].map(
    ([id, touchpoints]) => {
      const events = touchpoints.map((touchpoint) => eventOf(world, touchpoint)).sort(inOrder);
      return { id, customer: events[0]?.customer ?? '', points: pointsOf(world, events), events };
    },
  );
}

type Step = SubscriptionEvent & { readonly kind: string; readonly place: number };

const namesOf = (...kinds: readonly string[]) => kinds.map((kind) => `subscription_${kind}`);

/** What nobody said at its instant: a cancellation's day, the end of a paid term, the end of a pause. */
function scheduled(world: MrrWorld, events: readonly SubscriptionEvent[]): Step[] {
  return events.flatMap((event) => {
    const plan = plannedBy(world, event);
    if (plan === undefined || plan.at >= world.asOf) return [];
    const next = events.find((other) => inOrder(event, other) < 0 && plan.backBy.includes(other.name));
    if (next !== undefined && next.at < plan.at + plan.grace) return [];
    const { kind, at } = plan;
    return [{ ...event, mrr: undefined, kind, at, place: kind === 'resumed' ? 4 : 1 }];
  });
}

type Planned = {
  readonly kind: string;
  readonly at: number;
  readonly grace: number;
  /** What takes it back when it comes first. */
  readonly backBy: readonly string[];
};

function plannedBy(world: MrrWorld, { name, day, at }: SubscriptionEvent): Planned | undefined {
  const later = day !== undefined && day > localDay(at, world.timeZone);
  if (name === 'subscription_cancelled') {
    const backBy = [...namesOf('cancelled', 'started', 'renewed', 'resumed', 'ended'), 'save_offer_accepted'];
    return { kind: 'cancelled', at: later ? world.midnightOf(day) : at, grace: 0, backBy };
  }
  if (name === 'subscription_paused' && later) {
    const backBy = namesOf('paused', 'resumed', 'started', 'ended');
    return { kind: 'resumed', at: world.midnightOf(day), grace: 0, backBy };
  }
  if (!namesOf('started', 'renewed').includes(name) || day === undefined) return undefined;
  const backBy = namesOf('started', 'renewed', 'ended');
  return { kind: 'expired', at: world.midnightOf(addDays(day, 1)), grace: 35 * dayMs, backBy };
}

const places = ['', '', 'started', 'renewed', '', 'upgraded', 'addon', 'paused', 'resumed'];

function said(event: SubscriptionEvent): Step[] {
  const { name } = event;
  if (['subscription_cancelled', 'save_offer_made', 'save_offer_accepted'].includes(name)) return [];
  const plain = name === 'addon_purchased' ? 'addon' : name.replace('subscription_', '');
  if (plain === 'ended') return [{ ...event, kind: 'ended', place: 1 }];
  const isChange = plain === 'upgraded' || plain === 'downgraded';
  const kind = isChange ? (event.cause ?? 'plan') : plain === 'renewed' ? 'price' : plain;
  return [{ ...event, kind, place: places.indexOf(isChange ? 'upgraded' : plain) }];
}

function pointsOf(world: MrrWorld, events: readonly SubscriptionEvent[]): Point[] {
  const steps = [...events.flatMap(said), ...scheduled(world, events)];
  const first = Math.min(...steps.map(({ at }) => at));
  const isEnd = ({ kind, place }: Step) => place === 1 && ['ended', 'cancelled', 'expired'].includes(kind);
  const placeOf = (step: Step) => (isEnd(step) && step.at === first ? 9 : step.place);
  const ordered = steps.toSorted((a, b) =>
    firstDifference(
      a.at - b.at,
      placeOf(a) - placeOf(b),
      compareBytes(a.id, b.id),
      compareBytes(a.kind, b.kind),
    ),
  );
  const currencyOfFirst = ordered[0]?.currency ?? '';
  let state: State = { running: false, paused: false, mrr: 0n, currency: currencyOfFirst };
  return ordered.map((step, index) => {
    state = { ...runs(state, step, isEnd(step), index === 0), ...pays(state, step) };
    const held = state.running ? state.mrr : 0n;
    return { at: step.at, cause: step.kind, currency: state.currency, held, paid: state.paused ? 0n : held };
  });
}

type State = {
  readonly running: boolean;
  readonly paused: boolean;
  readonly mrr: bigint;
  readonly currency: string;
};

/** By place: 2 a start, 3 a renewal, 4 the day of a pause's end, 7 a pause, 8 a resumption. */
function runs(state: State, { place }: Step, isEnd: boolean, isFirst: boolean) {
  const running = !isEnd && (place === 2 || place === 3 || isFirst || state.running);
  const paused = place === 7 || (![2, 4, 8].includes(place) && state.paused);
  return { running, paused };
}

/** An add-on comes on top; what is stated replaces everything. */
function pays({ mrr, currency }: State, step: Step) {
  if (step.place === 6) return { mrr: mrr + (step.mrr ?? 0n), currency };
  return step.mrr === undefined ? { mrr, currency } : { mrr: step.mrr, currency: step.currency };
}

export type Month = {
  readonly start: string;
  readonly from: number;
  readonly to: number;
  readonly isOver: boolean;
};

/** From the month of the first event to that of the as-of day; the last may still run. */
export function monthsOf(world: MrrWorld): Month[] {
  const instants = world.received.map(({ occurred_at }) => occurred_at);
  const first = periodStart(localDay(Math.min(world.asOf - 1, ...instants), world.timeZone), 'month');
  const last = localDay(world.asOf - 1, world.timeZone);
  const months: Month[] = [];
  for (let start = first; start <= last; start = nextPeriod(start, 'month')) {
    const to = world.midnightOf(nextPeriod(start, 'month'));
    months.push({
      start,
      from: world.midnightOf(start),
      to: Math.min(to, world.asOf),
      isOver: to <= world.asOf,
    });
  }
  return months;
}

/** As it was just before an instant. */
export const before = (points: readonly Point[], at: number): Point | undefined =>
  points.findLast((point) => point.at < at);
