import { addDays, localDay, nextPeriod } from './local-time.ts';
import {
  before,
  type Month,
  type MrrWorld,
  monthsOf,
  type Point,
  type Subscription,
  subscriptionsOf,
} from './subscriptions.ts';
import { formatMinor, groupBy } from './values.ts';

type Closing = { readonly subscription: Subscription; readonly point: Point };

export type Movement = {
  readonly customer_id: string;
  readonly month_start: string;
  readonly movement: string;
  readonly opening_mrr: bigint;
  readonly new_mrr: bigint;
  readonly expansion_mrr: bigint;
  readonly contraction_mrr: bigint;
  readonly churned_mrr: bigint;
  readonly reactivation_mrr: bigint;
  readonly exchange_mrr: bigint;
  readonly closing_mrr: bigint;
  readonly upsell_mrr: bigint;
  readonly price_rise_mrr: bigint;
  readonly resumed_mrr: bigint;
  readonly paused_mrr: bigint;
  readonly count_subscriptions_opening: number;
  readonly count_subscriptions_closing: number;
  readonly spell_number: number;
  readonly is_complete: boolean;
};

/** Halves up, as amounts are not negative. */
export const converted = (cents: bigint, rate: bigint): bigint => (cents * rate + 50_000_000n) / 100_000_000n;

export class Book {
  readonly world: MrrWorld;
  readonly months: readonly Month[];
  readonly subscriptions: readonly Subscription[];
  readonly #firstIndex = new Map<string, number>();

  constructor(world: MrrWorld) {
    this.world = world;
    this.months = monthsOf(world);
    this.subscriptions = subscriptionsOf(world);
    for (const [index] of this.months.entries()) {
      for (const { point } of this.closings(index)) {
        if (!this.#firstIndex.has(point.currency)) this.#firstIndex.set(point.currency, index);
      }
    }
  }

  /** What is held at the end of a month. */
  closings(index: number): Closing[] {
    const month = this.months[index];
    if (month === undefined) return [];
    return this.subscriptions.flatMap((subscription) => {
      const point = before(subscription.points, month.to);
      return point === undefined || point.held === 0n ? [] : [{ subscription, point }];
    });
  }

  /** Of the last day of a month, and before the first month in which anybody pays in the currency that of the first. */
  rate(currency: string, index: number): bigint {
    if (currency === this.world.currency) return 100_000_000n;
    const month = this.months[Math.max(index, this.#firstIndex.get(currency) ?? 0)];
    if (month === undefined) throw new Error(`no month ${index}`);
    const day = month.isOver
      ? addDays(nextPeriod(month.start, 'month'), -1)
      : localDay(this.world.asOf - 1, this.world.timeZone);
    return this.world.rateOn(currency, day);
  }

  movements(): Movement[] {
    const customers = [...groupBy(this.subscriptions, ({ customer }) => customer)];
    return customers.flatMap(([customer, own]) => this.#movementsOf(customer, own));
  }

  #movementsOf(customer: string, own: readonly Subscription[]): Movement[] {
    const firstHeld = Math.min(
      ...own.flatMap(({ points }) => points.filter(({ held }) => held > 0n).map(({ at }) => at)),
    );
    let spell = 0;
    return this.months.flatMap((month, index) => {
      const opened = this.closings(index - 1).filter(({ subscription }) => own.includes(subscription));
      const closed = this.closings(index).filter(({ subscription }) => own.includes(subscription));
      if (opened.length === 0 && closed.length === 0) return [];
      if (opened.length === 0) spell += 1;
      const row = this.#moved({ month, index, opened, closed, isKnown: firstHeld < month.from });
      return [
        {
          customer_id: customer,
          month_start: month.start,
          ...row,
          spell_number: spell,
          is_complete: month.isOver,
        },
      ];
    });
  }

  #moved(at: {
    month: Month;
    index: number;
    opened: readonly Closing[];
    closed: readonly Closing[];
    isKnown: boolean;
  }) {
    const { index, opened, closed } = at;
    const sum = (closings: readonly Closing[], rateIndex: number) =>
      closings.reduce(
        (total, { point }) => total + converted(point.paid, this.rate(point.currency, rateIndex)),
        0n,
      );
    const opening = sum(opened, index - 1);
    const constant = sum(closed, index - 1);
    const closing = sum(closed, index);
    const change = opened.length > 0 && closed.length > 0 ? constant - opening : 0n;
    const [gain, loss] = [positive(change), positive(-change)];
    const [rise, resumed, paused] = ['price', 'resumed', 'paused'].map((cause) => this.#told(at, cause));
    const price_rise_mrr = smaller(gain, positive(rise));
    const resumed_mrr = smaller(gain - price_rise_mrr, positive(resumed));
    const begins = opened.length === 0;
    const kind = begins ? beginning(at.isKnown) : closed.length === 0 ? 'churn' : undefined;
    return {
      movement: kind ?? movementOf(gain, loss),
      opening_mrr: opening,
      new_mrr: kind === 'new' ? constant : 0n,
      expansion_mrr: gain,
      contraction_mrr: loss,
      churned_mrr: kind === 'churn' ? opening : 0n,
      reactivation_mrr: kind === 'reactivation' ? constant : 0n,
      exchange_mrr: closing - constant,
      closing_mrr: closing,
      upsell_mrr: gain - price_rise_mrr - resumed_mrr,
      price_rise_mrr,
      resumed_mrr,
      paused_mrr: smaller(loss, positive(paused === undefined ? 0n : -paused)),
      count_subscriptions_opening: opened.length,
      count_subscriptions_closing: closed.length,
    };
  }

  /** What changes with one cause came to, of subscriptions held at both ends. */
  #told(
    at: { month: Month; index: number; opened: readonly Closing[]; closed: readonly Closing[] },
    cause: string,
  ): bigint {
    const both = at.closed.filter(({ subscription }) =>
      at.opened.some((one) => one.subscription === subscription),
    );
    return both.reduce((total, { subscription, point }) => {
      const rate = this.rate(point.currency, at.index - 1);
      return subscription.points.reduce((sum, now, place) => {
        const was = subscription.points[place - 1];
        const isOurs = now.cause === cause && now.at >= at.month.from && now.at < at.month.to;
        const isSame =
          was !== undefined && was.currency === point.currency && now.currency === point.currency;
        return isOurs && isSame ? sum + converted(now.paid, rate) - converted(was.paid, rate) : sum;
      }, total);
    }, 0n);
  }

  /** Cohort form over twelve months, and the flow form beside it. */
  retention(movements: readonly Movement[]) {
    const firstIndex = this.months.findIndex(({ start }) =>
      movements.some(({ month_start }) => month_start === start),
    );
    if (firstIndex < 0) return [];
    return this.months.flatMap((month, index) => {
      if (index < firstIndex) return [];
      const start = this.months[index - 12]?.start;
      const began = movements.filter(
        (row) => row.month_start === start && row.count_subscriptions_closing > 0,
      );
      const kept = began.map((row) => ({ was: row.closing_mrr, now: this.#keptOf(row, movements, index) }));
      const total = (of: (one: (typeof kept)[number]) => bigint) =>
        kept.reduce((sum, one) => sum + of(one), 0n);
      const year = new Set(
        this.months.slice(Math.max(index - 11, 0), index + 1).map(({ start: first }) => first),
      );
      const inYear = movements.filter(({ month_start }) => year.has(month_start));
      const was = total((one) => one.was);
      const now = total((one) => one.now ?? 0n);
      const least = total((one) => ((one.now ?? 0n) < one.was ? (one.now ?? 0n) : one.was));
      const flow = inYear.reduce(
        (sum, row) => sum + row.expansion_mrr - row.contraction_mrr - row.churned_mrr,
        was,
      );
      const share = (part: bigint) => (was === 0n ? null : Number(part) / Number(was));
      return [
        {
          month_start: month.start,
          count_customers: began.length,
          count_kept: kept.filter((one) => one.now !== undefined).length,
          mrr_before: was,
          mrr_now: now,
          mrr_without_growth: least,
          net_revenue_retention: share(now),
          gross_revenue_retention: share(least),
          flow_net_revenue_retention: share(flow),
          reactivation_mrr: inYear.reduce((sum, row) => sum + row.reactivation_mrr, 0n),
          is_too_early: index < firstIndex + 12,
          is_complete: month.isOver,
        },
      ];
    });
  }

  /** What a customer pays now at the rates of twelve months before; undefined after a break. */
  #keptOf(row: Movement, movements: readonly Movement[], index: number): bigint | undefined {
    const month = this.months[index]?.start;
    const now = movements.find(
      (other) => other.customer_id === row.customer_id && other.month_start === month,
    );
    if (now === undefined || now.count_subscriptions_closing === 0 || now.spell_number !== row.spell_number)
      return undefined;
    const wasPaidIn = new Set(this.closings(index - 12).map(({ point }) => point.currency));
    return this.closings(index)
      .filter(({ subscription }) => subscription.customer === row.customer_id)
      .reduce((sum, { point }) => {
        const rateIndex = wasPaidIn.has(point.currency) ? index - 12 : index;
        return sum + converted(point.paid, this.rate(point.currency, rateIndex));
      }, 0n);
  }

  /** "one for each month that a paid subscription covers", from the start of what is paid for without a break. */
  periods() {
    return this.subscriptions.flatMap(({ id, customer, points }) => {
      const lasting = points.filter(
        (point, index) => (points[index + 1]?.at ?? Number.POSITIVE_INFINITY) > point.at,
      );
      const initial = lasting.find(({ paid }) => paid > 0n);
      const starts: number[] = [];
      for (const [index, point] of lasting.entries()) {
        if (point.paid === 0n || (lasting[index - 1]?.paid ?? 0n) > 0n) continue;
        const end = lasting.slice(index).find(({ paid }) => paid === 0n)?.at ?? this.world.asOf;
        for (let count = 0; monthsAfter(point.at, count) < end; count += 1)
          starts.push(monthsAfter(point.at, count));
      }
      return starts.map((at, index) => {
        const point = lasting.findLast((one) => one.at <= at);
        if (point === undefined || initial === undefined)
          throw new Error('a period outside what is paid for');
        return {
          touchpoint_id: `${id}#${index + 1}`,
          subscription_id: id,
          customer_id: customer,
          period_number: index + 1,
          starts_at: at,
          mrr: formatMinor(point.paid),
          initial_mrr: formatMinor(initial.paid),
          is_expanded: point.paid > initial.paid && point.currency === initial.currency,
          currency_code: point.currency,
        };
      });
    });
  }
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const positive = (a = 0n): bigint => (a > 0n ? a : 0n);

const beginning = (isKnown: boolean): string => (isKnown ? 'reactivation' : 'new');

function movementOf(gain: bigint, loss: bigint): string {
  if (gain > 0n) return 'expansion';
  return loss > 0n ? 'contraction' : 'none';
}

/** So many months later by UTC, on the last day of a shorter month. */
function monthsAfter(at: number, count: number): number {
  const date = new Date(at);
  const month = date.getUTCMonth() + count;
  const last = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const day = Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), last));
  return day + (at % 86_400_000);
}
