import { addDays, localDay, nextPeriod, periodStart } from '../local-time.ts';
import type { FlowGrain, Run } from './types.ts';

/** Local days of one run: both ways between instants and days, each worked out once. */
export type LocalCuts = {
  readonly dayOf: (instant: number) => string;
  /** The first instant of a local day. */
  readonly midnight: (day: string) => number;
  /** "cut(d) = the smaller of the local midnight after d and the as-of instant." */
  readonly cut: (day: string) => number;
  /** "The as-of day is the local day of the last millisecond before the as-of instant." */
  readonly asOfDay: string;
};

const calendars = new Map<string, Pick<LocalCuts, 'dayOf' | 'midnight'>>();

export function localCuts({ asOf, timeZone }: Run): LocalCuts {
  const calendar = calendars.get(timeZone) ?? calendarOf(timeZone);
  calendars.set(timeZone, calendar);
  return {
    ...calendar,
    cut: (day) => Math.min(calendar.midnight(addDays(day, 1)), asOf),
    asOfDay: calendar.dayOf(asOf - 1),
  };
}

function calendarOf(timeZone: string): Pick<LocalCuts, 'dayOf' | 'midnight'> {
  return {
    dayOf: remembered((instant: number) => localDay(instant, timeZone)),
    midnight: remembered((day: string) => firstInstantOf(day, timeZone)),
  };
}

/** The same work, done once for each key. */
export function remembered<Key, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key) ?? work(key);
    known.set(key, value);
    return value;
  };
}

/** Found by halving: a day need not begin at 00:00, nor last 24 hours. */
function firstInstantOf(day: string, timeZone: string): number {
  const noon = Date.parse(`${day}T12:00:00Z`);
  let before = noon - 2 * 86_400_000;
  let notBefore = noon + 2 * 86_400_000;
  while (notBefore - before > 1) {
    const middle = Math.floor((before + notBefore) / 2);
    if (localDay(middle, timeZone) >= day) notBefore = middle;
    else before = middle;
  }
  return notBefore;
}

export function startOfPeriod(day: string, grain: FlowGrain): string {
  return grain === 'day' ? day : periodStart(day, grain);
}

export function startOfNextPeriod(start: string, grain: FlowGrain): string {
  return grain === 'day' ? addDays(start, 1) : nextPeriod(start, grain);
}
