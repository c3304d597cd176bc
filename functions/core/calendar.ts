// Local days of a time zone. The only place where an instant becomes a day outside SQL.

const DAY_MILLISECONDS = 86_400_000;

export interface CalendarDay {
  readonly calendar_date: string;
  readonly week_start: string;
  readonly month_start: string;
  readonly quarter_start: string;
  readonly year_start: string;
  /** Local midnight, or the first instant of a day whose midnight the clocks skip. */
  readonly starts_at: Date;
  readonly ends_at: Date;
}

/** A function that tells the local day (YYYY-MM-DD) of an instant. */
export function localDayOf(timeZone: string): (instant: Date) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (instant) => format.format(instant);
}

const isoDay = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

function offsetAt(format: Intl.DateTimeFormat, instant: number): number {
  const parts = Object.fromEntries(
    format.formatToParts(new Date(instant)).map((part) => [part.type, Number(part.value)]),
  );
  const local = Date.UTC(
    parts.year ?? 0,
    (parts.month ?? 1) - 1,
    parts.day ?? 1,
    (parts.hour ?? 0) % 24,
    parts.minute ?? 0,
    parts.second ?? 0,
  );
  return local - Math.floor(instant / 1000) * 1000;
}

function localClockOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}

/** A function that tells when a local day begins, in UTC. */
export function dayStartOf(timeZone: string): (day: string) => Date {
  const dayOf = localDayOf(timeZone);
  const format = localClockOf(timeZone);
  return (day) => {
    const midnight = Date.parse(`${day}T00:00:00Z`);
    const offsets = [midnight - DAY_MILLISECONDS, midnight + DAY_MILLISECONDS].map((at) =>
      offsetAt(format, at),
    );
    const candidates = offsets.map((offset) => midnight - offset).sort((a, b) => a - b);
    const start =
      candidates.find((candidate) => dayOf(new Date(candidate)) === day) ?? candidates[0] ?? midnight;
    return new Date(start);
  };
}

/**
 * A function that tells when the clocks of a day show a time, given as minutes after midnight: 1440 is the day's end.
 * Of a time shown twice the first; one that the clocks skip is as long after the change as it was meant after the hour before.
 */
export function instantOfLocalMinute(timeZone: string): (day: CalendarDay, minute: number) => Date {
  const format = localClockOf(timeZone);
  return ({ calendar_date, starts_at, ends_at }, minute) => {
    if (minute >= 1440) return ends_at;
    if (ends_at.getTime() - starts_at.getTime() === DAY_MILLISECONDS) {
      return new Date(starts_at.getTime() + minute * 60_000);
    }
    const shown = Date.parse(`${calendar_date}T00:00:00Z`) + minute * 60_000;
    const candidates = [starts_at.getTime(), ends_at.getTime()].map((at) => shown - offsetAt(format, at));
    const first = Math.min(...candidates);
    const isShown = first + offsetAt(format, first) === shown;
    return new Date(isShown ? first : Math.max(...candidates));
  };
}

/** The last local midnight at or before an instant. */
export function lastMidnight(timeZone: string, instant: Date): Date {
  return dayStartOf(timeZone)(localDayOf(timeZone)(instant));
}

/** Every local day from one to another, both included. */
export function calendarDays(timeZone: string, firstDay: string, lastDay: string): readonly CalendarDay[] {
  const startOf = dayStartOf(timeZone);
  const days: CalendarDay[] = [];
  let startsAt = startOf(firstDay);
  for (let at = Date.parse(firstDay); at <= Date.parse(lastDay); at += DAY_MILLISECONDS) {
    const date = new Date(at);
    const endsAt = startOf(isoDay(at + DAY_MILLISECONDS));
    const year = date.getUTCFullYear();
    const month = date.getUTCMonth();
    days.push({
      calendar_date: isoDay(at),
      week_start: isoDay(at - ((date.getUTCDay() + 6) % 7) * DAY_MILLISECONDS),
      month_start: isoDay(Date.UTC(year, month, 1)),
      quarter_start: isoDay(Date.UTC(year, month - (month % 3), 1)),
      year_start: isoDay(Date.UTC(year, 0, 1)),
      starts_at: startsAt,
      ends_at: endsAt,
    });
    startsAt = endsAt;
  }
  return days;
}
