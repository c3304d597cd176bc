import { addDays, daysBetween, localDay, periodStart } from '../oracle/local-time.ts';
import type { Chance } from './chance.ts';

/** Spans of local days in which something unpleasant happens to a calendar. */
const spans = [
  { timeZone: 'Europe/Istanbul', first: '2024-02-26', last: '2024-03-04' },
  { timeZone: 'Europe/Istanbul', first: '2023-06-01', last: '2024-06-30' },
  { timeZone: 'UTC', first: '2023-12-27', last: '2024-01-09' },
  { timeZone: 'UTC', first: '2024-01-15', last: '2024-07-15' },
  { timeZone: 'Europe/London', first: '2024-03-29', last: '2024-04-02' },
  { timeZone: 'Europe/London', first: '2023-10-01', last: '2024-04-10' },
  { timeZone: 'America/New_York', first: '2024-03-08', last: '2024-03-12' },
  { timeZone: 'America/New_York', first: '2024-10-30', last: '2024-11-05' },
  { timeZone: 'Asia/Kolkata', first: '2024-02-20', last: '2024-05-20' },
  { timeZone: 'Asia/Kolkata', first: '2020-02-28', last: '2020-03-02' },
] as const;

const minute = 60_000;
const gaps = [1, 5 * minute, 30 * minute - 1, 30 * minute, 30 * minute + 1, 31 * minute, 24 * 60 * minute];

export type WorldTimes = {
  readonly timeZone: string;
  readonly asOf: Date;
  /** The time of a next row: at an anchor, at or shortly after an earlier row's time, or anywhere in the span. */
  readonly next: (earlier: readonly number[]) => number;
};

export function chooseTimes(chance: Chance): WorldTimes {
  const { timeZone, first, last } = chance.pick(spans);
  const from = localMidnight(first, timeZone);
  const to = localMidnight(addDays(last, 1), timeZone);
  const anyDay = () => addDays(first, chance.whole(0, daysBetween(first, last)));
  const anywhere = () => from + chance.whole(0, to - from - 1);
  const asOf = chooseAsOf(chance, { to, timeZone, anyDay, anywhere });
  const anchors = [asOf, ...Array.from({ length: 4 }, () => localMidnight(anyDay(), timeZone))];
  const next = (earlier: readonly number[]) => {
    const kind = chance.whole(0, 9);
    const last = earlier.at(-1);
    if (kind < 1 && last !== undefined) return chance.pick(earlier);
    if (kind < 2 && last !== undefined) return last;
    if (kind < 6 && last !== undefined) return last + chance.pick(gaps);
    return kind < 8 ? chance.pick(anchors) + chance.whole(-1, 1) : anywhere();
  };
  return { timeZone, asOf: new Date(asOf), next };
}

function chooseAsOf(
  chance: Chance,
  span: {
    readonly to: number;
    readonly timeZone: string;
    readonly anyDay: () => string;
    readonly anywhere: () => number;
  },
): number {
  const kind = chance.whole(0, 9);
  if (kind < 4) return span.to;
  if (kind < 6) return localMidnight(span.anyDay(), span.timeZone);
  if (kind < 7) return localMidnight(periodStart(span.anyDay(), 'month'), span.timeZone);
  return kind < 8 ? span.to + 45 * 24 * 60 * minute : span.anywhere();
}

/** The first instant of a local day, found by halving: a day need not begin at 00:00, nor last 24 hours. */
export function localMidnight(day: string, timeZone: string): number {
  const noon = Date.parse(`${day}T12:00:00Z`);
  let before = noon - 48 * 60 * minute;
  let after = noon + 48 * 60 * minute;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localDay(middle, timeZone) >= day) after = middle;
    else before = middle;
  }
  return after;
}

/** One of the spellings that a file may use for an instant. */
export function writeInstant(instant: number, chance: Chance): string {
  const iso = new Date(instant).toISOString();
  const kind = chance.whole(0, 9);
  if (kind === 0) return iso.replace('Z', '999Z');
  if (kind === 1) return iso.replace('Z', '+00:00');
  if (kind === 2) return shifted(instant, -5 * 60, '-05:00');
  if (kind === 3) return shifted(instant, 3 * 60, '+03:00');
  if (kind === 4) return shifted(instant, 3 * 60, '').replace('T', ' ');
  return iso.endsWith('.000Z') && kind < 8 ? iso.replace('.000Z', 'Z') : iso;
}

function shifted(instant: number, minutes: number, offset: string): string {
  return new Date(instant + minutes * minute).toISOString().replace('Z', offset);
}
