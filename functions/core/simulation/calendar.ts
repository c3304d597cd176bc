import { type DayKind, dayKinds, dayMs, dayNumber, feastYears, planDay } from './feasts.ts';

/** Türkiye has stayed on UTC+3 the whole year since 2016. */
export const istanbulOffsetMs = 3 * 3_600_000;
export const hourMs = 3_600_000;
export const minuteMs = 60_000;

/**
 * The store's time. Operational time runs faster on busy days and hours and has a mean speed of one day a day:
 * a steady process in operational time becomes a seasonal one in clock time.
 */
export interface Calendar {
  readonly startAt: number;
  readonly endAt: number;
  readonly countDays: number;
  readonly days: readonly CalendarDay[];
  readonly isPure: boolean;
  readonly toOperational: (at: number) => number;
  readonly fromOperational: (operationalDays: number) => number;
  /** Day of the simulation, from 0, by the local clock. */
  readonly dayOf: (at: number) => number;
  /** Synthetic price level of the month, 1 in the first. */
  readonly priceIndexAt: (at: number) => number;
  readonly months: readonly { readonly month: string; readonly index: number }[];
  readonly isoAt: (at: number) => string;
}

export interface CalendarDay {
  readonly date: string;
  readonly kind: DayKind;
  readonly specials: readonly string[];
  readonly multiplier: number;
  readonly month: number;
}

// Weights of the 24 local hours. Ramazan moves the evening behind the iftar and adds the hour of sahur.
const hourWeights: Readonly<Record<DayKind, readonly number[]>> = {
  weekday: [4, 2, 1, 1, 1, 1, 2, 3, 5, 6, 7, 7, 9, 8, 7, 7, 7, 7, 8, 9, 11, 13, 12, 8],
  weekend: [5, 3, 2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 9, 9, 9, 9, 9, 8, 9, 10, 11, 10, 7],
  ramadan: [9, 7, 3, 5, 4, 1, 1, 2, 4, 5, 6, 7, 7, 7, 7, 7, 6, 5, 2, 3, 9, 13, 14, 12],
  eve: [4, 2, 1, 1, 1, 1, 3, 6, 9, 12, 13, 13, 10, 5, 4, 4, 3, 3, 2, 2, 3, 4, 4, 3],
  feast: [4, 2, 1, 1, 1, 1, 1, 2, 2, 3, 4, 5, 5, 6, 6, 6, 6, 6, 7, 8, 10, 12, 11, 7],
};

function cumulate(values: readonly number[]): Float64Array {
  const total = values.reduce((sum, value) => sum + value, 0);
  const shares = new Float64Array(values.length + 1);
  values.forEach((value, index) => {
    shares[index + 1] = (shares[index] ?? 0) + value / total;
  });
  shares[values.length] = 1;
  return shares;
}

const hourShares: ReadonlyMap<DayKind, Float64Array> = new Map(
  dayKinds.map((kind) => [kind, cumulate(hourWeights[kind])]),
);

const twoDigits = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'));
const threeDigits = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'));

function createIsoText(firstDay: number, countDays: number): (at: number) => string {
  // one day before the start is UTC's view of the first local hours
  const texts = Array.from({ length: countDays + 3 }, (_, index) =>
    new Date((firstDay + index - 1) * dayMs).toISOString().slice(0, 11),
  );
  return (at) => {
    const whole = Math.floor(at);
    const day = Math.floor(whole / dayMs);
    const rest = whole - day * dayMs;
    const seconds = Math.floor(rest / 1000);
    const minutes = Math.floor(seconds / 60);
    const date = texts[day - firstDay + 1] ?? new Date(whole).toISOString().slice(0, 11);
    const clock = `${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}:${twoDigits[seconds % 60]}`;
    return `${date}${clock}.${threeDigits[rest % 1000]}Z`;
  };
}

/** First instant after `months` months, on the local clock. */
function addMonths(date: string, months: number): number {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return Math.round(Date.UTC(year, month - 1 + months, day) / dayMs);
}

function planDays(firstDay: number, countDays: number, isPure: boolean): CalendarDay[] {
  const plans = Array.from({ length: countDays }, (_, index) => planDay(firstDay + index));
  const mean = plans.reduce((sum, plan) => sum + plan.multiplier, 0) / countDays;
  const first = new Date(firstDay * dayMs);
  return plans.map((plan, index) => {
    const date = new Date((firstDay + index) * dayMs);
    return {
      date: date.toISOString().slice(0, 10),
      kind: plan.kind,
      specials: isPure ? [] : plan.specials,
      multiplier: isPure ? 1 : plan.multiplier / mean,
      month: (date.getUTCFullYear() - first.getUTCFullYear()) * 12 + date.getUTCMonth() - first.getUTCMonth(),
    };
  });
}

/** Invented monthly rises: about 2.2 %, more in January and July when wages and taxes move. */
function planMonths(days: readonly CalendarDay[], isPure: boolean): { month: string; index: number }[] {
  const months: { month: string; index: number }[] = [];
  for (const day of days) {
    if (day.month < months.length) continue;
    const name = day.date.slice(0, 7);
    const rise = { '01': 0.042, '07': 0.034 }[name.slice(5)] ?? 0.022;
    const previous = months.at(-1)?.index;
    months.push({ month: name, index: previous === undefined || isPure ? 1 : previous * (1 + rise) });
  }
  return months;
}

function findSegment(bounds: Float64Array, value: number): number {
  let low = 0;
  let high = bounds.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((bounds[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

export interface CalendarOptions {
  /** First local day, YYYY-MM-DD. */
  readonly from: string;
  readonly months: number;
  readonly isPure: boolean;
}

function checkYears(from: number, to: number): void {
  const first = feastYears[0]?.year ?? 0;
  const last = feastYears.at(-1)?.year ?? 0;
  if (
    new Date(from * dayMs).getUTCFullYear() >= first &&
    new Date((to - 1) * dayMs).getUTCFullYear() <= last
  ) {
    return;
  }
  throw new RangeError(
    `simulate: feast dates are known for ${first} to ${last} only; choose from and months within them, or --pure.`,
  );
}

export function createCalendar({ from, months, isPure }: CalendarOptions): Calendar {
  const firstDay = dayNumber(from);
  const endDay = addMonths(from, months);
  if (!isPure) checkYears(firstDay, endDay);
  const countDays = endDay - firstDay;
  const startAt = firstDay * dayMs - istanbulOffsetMs;
  const days = planDays(firstDay, countDays, isPure);
  const monthly = planMonths(days, isPure);
  const dayOf = (at: number): number => Math.floor((at - startAt) / dayMs);
  const time = isPure ? steadyTime(startAt) : seasonalTime(startAt, days);
  return {
    startAt,
    endAt: endDay * dayMs - istanbulOffsetMs,
    countDays,
    days,
    isPure,
    ...time,
    dayOf,
    priceIndexAt: (at) =>
      monthly[days[Math.min(Math.max(dayOf(at), 0), countDays - 1)]?.month ?? 0]?.index ?? 1,
    months: monthly,
    isoAt: createIsoText(firstDay, countDays),
  };
}

type OperationalTime = Pick<Calendar, 'toOperational' | 'fromOperational'>;

function steadyTime(startAt: number): OperationalTime {
  return {
    toOperational: (at) => (at - startAt) / dayMs,
    fromOperational: (operationalDays) => startAt + operationalDays * dayMs,
  };
}

function seasonalTime(startAt: number, days: readonly CalendarDay[]): OperationalTime {
  const bounds = new Float64Array(days.length + 1);
  const hours = days.map((day) => hourShares.get(day.kind) ?? new Float64Array(25));
  days.forEach((day, index) => {
    bounds[index + 1] = (bounds[index] ?? 0) + day.multiplier;
  });
  const width = (bound: Float64Array, index: number): number => (bound[index + 1] ?? 0) - (bound[index] ?? 0);
  return {
    toOperational: (at) => {
      const day = Math.min(Math.floor((at - startAt) / dayMs), days.length - 1);
      const shares = hours[day] ?? bounds;
      const hoursIn = Math.min((at - startAt - day * dayMs) / hourMs, 23.999999);
      const hour = Math.floor(hoursIn);
      const share = (shares[hour] ?? 0) + (hoursIn - hour) * width(shares, hour);
      return (bounds[day] ?? 0) + share * width(bounds, day);
    },
    fromOperational: (operationalDays) => {
      const day = findSegment(bounds, operationalDays);
      const shares = hours[day] ?? bounds;
      const share = (operationalDays - (bounds[day] ?? 0)) / width(bounds, day);
      if (share >= 1) return startAt + (day + 1) * dayMs + (share - 1) * dayMs;
      const hour = findSegment(shares, share);
      const part = (share - (shares[hour] ?? 0)) / width(shares, hour);
      return startAt + day * dayMs + (hour + part) * hourMs;
    },
  };
}
