import { addDays, localDay, nextPeriod, periodStart } from './local-time.ts';
import type { Book, Movement } from './mrr.ts';
import { dayMs } from './subscriptions.ts';

export type KpiRow = {
  readonly kpi_id: string;
  readonly grain: string;
  readonly period_start: string;
  readonly segment_type: string;
  readonly segment_value: string;
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly n: number;
  readonly is_complete: boolean;
  readonly null_reason: string | null;
};

type Told = { readonly value: number } | { readonly over: readonly [number, number]; readonly why?: string };
type Place = Pick<KpiRow, 'grain' | 'period_start' | 'segment_type' | 'segment_value' | 'is_complete'>;

const grains = ['month', 'quarter', 'year'] as const;
const startOf = (day: string, grain: string): string =>
  grain === 'year' ? `${day.slice(0, 4)}-01-01` : periodStart(day, grain === 'quarter' ? 'quarter' : 'month');
const nextOf = (start: string, grain: string): string =>
  grain === 'year'
    ? `${Number(start.slice(0, 4)) + 1}-01-01`
    : nextPeriod(start, grain === 'quarter' ? 'quarter' : 'month');

function row(kpi_id: string, place: Place, n: number, told: Told): KpiRow {
  const [numerator, denominator] = 'over' in told ? told.over : [null, null];
  const isRatio = numerator !== null && denominator !== null;
  const ratio = isRatio && denominator !== 0 ? numerator / denominator : null;
  const value = 'value' in told ? told.value : ratio;
  const why = 'over' in told ? (told.why ?? 'no_denominator') : null;
  return { kpi_id, ...place, value, numerator, denominator, n, null_reason: value === null ? why : null };
}

export type People = ReadonlyMap<
  string,
  { readonly acquisition_channel: string | null; readonly country: string | null }
>;

/** The KPIs of the movements, overall and by what the customers are. */
export function movementKpis(book: Book, movements: readonly Movement[], people: People): KpiRow[] {
  const kinds: readonly (readonly [string, (row: Movement) => string])[] = [
    ['all', () => 'all'],
    ['marketing_channel', ({ customer_id }) => people.get(customer_id)?.acquisition_channel ?? 'unknown'],
    ['country', ({ customer_id }) => people.get(customer_id)?.country ?? 'unknown'],
  ];
  const months = book.months.map(({ start }) => start);
  const firstMonth = months.find((start) => movements.some(({ month_start }) => month_start === start));
  if (firstMonth === undefined) return [];
  return grains.flatMap((grain) => {
    const starts = new Set(
      months.filter((start) => start >= firstMonth).map((start) => startOf(start, grain)),
    );
    return [...starts].flatMap((period_start) =>
      kinds.flatMap(([segment_type, segmentOf]) =>
        [...new Set(movements.map(segmentOf))].flatMap((segment_value) => {
          const own = movements.filter(
            (one) => segmentOf(one) === segment_value && startOf(one.month_start, grain) === period_start,
          );
          const ofPeriod = months.filter((start) => startOf(start, grain) === period_start);
          const is_complete = book.world.midnightOf(nextOf(period_start, grain)) <= book.world.asOf;
          const place = { grain, period_start, segment_type, segment_value, is_complete };
          return kpisOf(place, own, { first: period_start, last: ofPeriod.at(-1) ?? '' });
        }),
      ),
    );
  });
}

function kpisOf(place: Place, own: readonly Movement[], ends: { first: string; last: string }): KpiRow[] {
  const total = (of: (one: Movement) => bigint, rows = own) =>
    Number(rows.reduce((sum, one) => sum + of(one), 0n)) / 100;
  const persons = (is: (one: Movement) => boolean) =>
    new Set(own.filter(is).map(({ customer_id }) => customer_id)).size;
  const opened = own.filter(({ month_start }) => month_start === ends.first);
  const closed = own.filter(({ month_start }) => month_start === ends.last);
  const atStart = opened.filter((one) => one.count_subscriptions_opening > 0).length;
  const atEnd = closed.filter((one) => one.count_subscriptions_closing > 0).length;
  const opening = total((one) => one.opening_mrr, opened);
  const kinds = ['new', 'expansion', 'contraction', 'churn', 'reactivation'];
  const moved = kinds.map((kind) => persons(({ movement }) => movement === kind));
  const [countNew = 0, countExpanded = 0, countContracted = 0, countChurned = 0, countBack = 0] = moved;
  const upsold = persons((one) => one.upsell_mrr > 0n);
  const lost = total((one) => one.churned_mrr + one.contraction_mrr);
  const won = total((one) => one.new_mrr + one.expansion_mrr + one.reactivation_mrr);
  const growth = total((one) => one.expansion_mrr);
  const sold = total((one) => one.upsell_mrr);
  return [
    row('mrr', place, atEnd, { value: total((one) => one.closing_mrr, closed) }),
    row('new_mrr', place, countNew, { value: total((one) => one.new_mrr) }),
    row('expansion_mrr', place, countExpanded, { value: growth }),
    row('contraction_mrr', place, countContracted, { value: total((one) => one.contraction_mrr) }),
    row('churned_mrr', place, countChurned, { value: total((one) => one.churned_mrr) }),
    row('reactivation_mrr', place, countBack, { value: total((one) => one.reactivation_mrr) }),
    row('expansion_revenue', place, countExpanded, {
      value: total((one) => one.upsell_mrr + one.price_rise_mrr),
    }),
    row('upsell_revenue', place, upsold, { value: sold }),
    row('upsell_rate', place, atStart, { over: [upsold, atStart] }),
    row('revenue_churn_gross', place, atStart, { over: [lost, opening] }),
    row('revenue_churn_net', place, atStart, {
      over: [total((one) => one.churned_mrr + one.contraction_mrr - one.expansion_mrr), opening],
    }),
    row(
      'quick_ratio',
      place,
      moved.reduce((sum, count) => sum + count, 0),
      { over: [won, lost] },
    ),
    row('arpu', place, Math.max(atStart, atEnd), {
      over: [total((one) => one.closing_mrr), (atStart + atEnd) / 2],
    }),
  ];
}

export function retentionKpis(retention: ReturnType<Book['retention']>): KpiRow[] {
  return retention.flatMap((month) => {
    const place = {
      grain: 'month',
      period_start: month.month_start,
      segment_type: 'all',
      segment_value: 'all',
      is_complete: month.is_complete,
    };
    const why = month.is_too_early ? 'not_mature' : 'no_denominator';
    const told = (part: bigint): Told => ({
      over: [Number(part) / 100, Number(month.mrr_before) / 100],
      why,
    });
    return [
      row('net_revenue_retention', place, month.count_customers, told(month.mrr_now)),
      row('gross_revenue_retention', place, month.count_customers, told(month.mrr_without_growth)),
    ];
  });
}

type Counted = { readonly day: string; readonly kind: 'due' | 'offer'; readonly isGood: boolean };

/** Terms and offers to stay, on the day on which they count. */
function judged(book: Book): Counted[] {
  const { asOf, timeZone, midnightOf } = book.world;
  const asOfDay = localDay(asOf - 1, timeZone);
  return book.subscriptions.flatMap(({ events, points }) => {
    const terms = events.filter(
      ({ name }) => name === 'subscription_started' || name === 'subscription_renewed',
    );
    const due = terms.flatMap(({ at, day, termMonths }, index): Counted[] => {
      const byTerm = termMonths === undefined ? undefined : addMonths(localDay(at, timeZone), termMonths);
      const dueDay = day ?? byTerm;
      if (dueDay === undefined || dueDay > asOfDay) return [];
      const next = terms[index + 1]?.at ?? Number.POSITIVE_INFINITY;
      return [{ day: dueDay, kind: 'due', isGood: next < midnightOf(addDays(dueDay, 1)) + 35 * dayMs }];
    });
    const offers = events
      .filter(({ name }) => name === 'save_offer_made')
      .map(({ at }): Counted => {
        const later = at + 90 * dayMs;
        const held = points.findLast((point) => point.at <= later)?.held ?? 0n;
        return { day: localDay(at, timeZone), kind: 'offer', isGood: later <= asOf && held > 0n };
      });
    return [...due, ...offers];
  });
}

function addMonths(day: string, count: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + count + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + count, Math.min(date, last))).toISOString().slice(0, 10);
}

/** A day before the calendar counts nowhere. */
export function renewalKpis(book: Book, firstDay: string): KpiRow[] {
  const counted = judged(book).filter(({ day }) => day >= firstDay);
  const { asOf, timeZone, midnightOf } = book.world;
  const asOfDay = localDay(asOf - 1, timeZone);
  return grains.flatMap((grain) => {
    const starts = counted.map(({ day }) => startOf(day, grain)).sort();
    const rows: KpiRow[] = [];
    for (
      let period_start = starts[0] ?? '9';
      period_start <= asOfDay;
      period_start = nextOf(period_start, grain)
    ) {
      const own = counted.filter(({ day }) => startOf(day, grain) === period_start);
      const ends = midnightOf(nextOf(period_start, grain));
      for (const [kpi, kind, days] of [
        ['renewal_rate', 'due', 35],
        ['save_rate', 'offer', 90],
      ] as const) {
        const all = own.filter((one) => one.kind === kind);
        const is_complete = ends <= asOf && ends + days * dayMs <= asOf;
        const place = { grain, period_start, segment_type: 'all', segment_value: 'all', is_complete };
        rows.push(
          row(kpi, place, all.length, { over: [all.filter(({ isGood }) => isGood).length, all.length] }),
        );
      }
    }
    return rows;
  });
}
