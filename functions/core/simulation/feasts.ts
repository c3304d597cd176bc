// Days of the year that move a Turkish shop. Religious days follow the Presidency of Religious Affairs' calendar
// (Diyanet, "Dini Günler", vakithesaplama.diyanet.gov.tr); 2027 was compared with the `holidays` package's Turkey
// calendar. Diyanet begins Ramazan 2026 on 19 February, a day after the Umm al-Qura calendar, so no library's
// Hijri arithmetic stands in for this table. Law 2429 makes the eve (arife) a holiday from 13:00.

export interface FeastYear {
  readonly year: number;
  readonly ramadanStart: string;
  /** Eve of Ramazan Bayramı, the last day of the fast. */
  readonly ramadanEve: string;
  /** Eve of Kurban Bayramı. */
  readonly sacrificeEve: string;
}

export const feastYears: readonly FeastYear[] = [
  { year: 2024, ramadanStart: '2024-03-11', ramadanEve: '2024-04-09', sacrificeEve: '2024-06-15' },
  { year: 2025, ramadanStart: '2025-03-01', ramadanEve: '2025-03-29', sacrificeEve: '2025-06-05' },
  { year: 2026, ramadanStart: '2026-02-19', ramadanEve: '2026-03-19', sacrificeEve: '2026-05-26' },
  { year: 2027, ramadanStart: '2027-02-08', ramadanEve: '2027-03-08', sacrificeEve: '2027-05-15' },
];

export const ramadanFeastDays = 3;
export const sacrificeFeastDays = 4;
const bayramShoppingDays = 10;

export const dayKinds = ['weekday', 'weekend', 'ramadan', 'eve', 'feast'] as const;
export type DayKind = (typeof dayKinds)[number];

export interface DayPlan {
  readonly kind: DayKind;
  /** Names of `calendar_days.special_day` that hold on this day, feasts included. */
  readonly specials: readonly string[];
  readonly multiplier: number;
}

export const dayMs = 86_400_000;

export function dayNumber(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / dayMs);
}

/** The `nth` given weekday (0 = Sunday) of a month (1 to 12), as a day number. */
export function nthWeekday(year: number, month: number, rule: { weekday: number; nth: number }): number {
  const first = Math.round(Date.UTC(year, month - 1, 1) / dayMs);
  const firstWeekday = new Date(first * dayMs).getUTCDay();
  return first + ((rule.weekday - firstWeekday + 7) % 7) + (rule.nth - 1) * 7;
}

interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly multiplier: number;
}

function commercialSpans(year: number): readonly Span[] {
  const day = (monthAndDay: string): number => dayNumber(`${year}-${monthAndDay}`);
  const mothersDay = nthWeekday(year, 5, { weekday: 0, nth: 2 });
  const fathersDay = nthWeekday(year, 6, { weekday: 0, nth: 3 });
  const school = nthWeekday(year, 9, { weekday: 1, nth: 2 });
  const blackFriday = nthWeekday(year, 11, { weekday: 5, nth: 4 });
  return [
    { name: 'valentines_day', from: day('02-07'), to: day('02-14'), multiplier: 1.35 },
    { name: 'womens_day', from: day('03-06'), to: day('03-08'), multiplier: 1.15 },
    { name: 'mothers_day', from: mothersDay - 10, to: mothersDay, multiplier: 1.5 },
    { name: 'fathers_day', from: fathersDay - 7, to: fathersDay, multiplier: 1.25 },
    { name: 'school_opening', from: school - 14, to: school + 3, multiplier: 1.3 },
    { name: 'november_sales', from: day('11-01'), to: blackFriday + 3, multiplier: 1.4 },
    { name: 'eleven_eleven', from: day('11-10'), to: day('11-11'), multiplier: 2.3 },
    { name: 'black_friday', from: blackFriday - 1, to: blackFriday + 1, multiplier: 2 },
    { name: 'new_year', from: day('12-15'), to: day('12-30'), multiplier: 1.3 },
  ];
}

function feastSpans(feast: FeastYear): readonly Span[] {
  const ramadanEve = dayNumber(feast.ramadanEve);
  const sacrificeEve = dayNumber(feast.sacrificeEve);
  const feastDays = { name: 'feast', multiplier: 0.45 };
  return [
    { name: 'ramadan', from: dayNumber(feast.ramadanStart), to: ramadanEve, multiplier: 0.94 },
    { name: 'bayram_shopping', from: ramadanEve - bayramShoppingDays, to: ramadanEve - 1, multiplier: 1.45 },
    {
      name: 'bayram_shopping',
      from: sacrificeEve - bayramShoppingDays,
      to: sacrificeEve - 1,
      multiplier: 1.3,
    },
    { name: 'eve', from: ramadanEve, to: ramadanEve, multiplier: 0.7 },
    { name: 'eve', from: sacrificeEve, to: sacrificeEve, multiplier: 0.7 },
    { ...feastDays, from: ramadanEve + 1, to: ramadanEve + ramadanFeastDays },
    { ...feastDays, from: sacrificeEve + 1, to: sacrificeEve + sacrificeFeastDays },
  ];
}

function kindOf(names: readonly string[], weekday: number): DayKind {
  if (names.includes('feast')) return 'feast';
  if (names.includes('eve')) return 'eve';
  if (names.includes('ramadan')) return 'ramadan';
  return weekday === 0 || weekday === 6 ? 'weekend' : 'weekday';
}

const weekdayMultipliers = [1.12, 1, 0.96, 0.97, 0.99, 1.02, 1.08] as const;
const monthMultipliers = [0.92, 0.93, 0.98, 1, 1, 0.97, 0.94, 0.92, 1.02, 1.03, 1.05, 1.06] as const;

/** What kind of day it is for the shop; the multiplier is not yet brought to a mean of 1. */
export function planDay(day: number): DayPlan {
  const date = new Date(day * dayMs);
  const year = date.getUTCFullYear();
  const feasts = feastYears.filter((feast) => feast.year === year).flatMap(feastSpans);
  const spans = [...commercialSpans(year), ...feasts].filter((span) => day >= span.from && day <= span.to);
  const base = (weekdayMultipliers[date.getUTCDay()] ?? 1) * (monthMultipliers[date.getUTCMonth()] ?? 1);
  const specials = spans.map((span) => span.name);
  return {
    kind: kindOf(specials, date.getUTCDay()),
    specials,
    multiplier: spans.reduce((product, span) => product * span.multiplier, base),
  };
}
