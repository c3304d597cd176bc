// How a date is written. A business date (YYYY-MM-DD) belongs to no instant, so it is formatted in UTC;
// an instant is formatted in the reporting time zone that the caller names.
import type { Language, ViewGrain } from '../snapshot.ts';

// British order ("31 October 2026") reads the same way round as the Turkish page.
const dateLocale: Readonly<Record<Language, string>> = { tr: 'tr', en: 'en-GB' };

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = formatters.get(key);
  if (known) return known;
  // British English shortens September alone to four letters, which breaks a column of months
  const hasDay = options.day !== undefined || options.dateStyle !== undefined || options.hour !== undefined;
  const made = new Intl.DateTimeFormat(hasDay ? dateLocale[language] : language, options);
  formatters.set(key, made);
  return made;
}

function businessDay(date: string): Date {
  const day = new Date(`${date}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(day.getTime())) {
    throw new RangeError(`"${date}" is not a date; write it as YYYY-MM-DD`);
  }
  return day;
}

function moment(instant: string): Date {
  const read = new Date(instant);
  if (Number.isNaN(read.getTime())) {
    throw new RangeError(`"${instant}" is not an instant; write it as ISO 8601, like 2026-11-01T00:00:00Z`);
  }
  return read;
}

export function formatDay(date: string, language: Language): string {
  return formatter(language, { dateStyle: 'long', timeZone: 'UTC' }).format(businessDay(date));
}

/** "Ekim 2026", or with `short` "Eki 2026". */
export function formatMonth(date: string, language: Language, width: 'long' | 'short' = 'long'): string {
  return formatter(language, { month: width, year: 'numeric', timeZone: 'UTC' }).format(businessDay(date));
}

/** "Eki" / "Oct", for an axis that writes the year on its own line. */
export function formatMonthName(date: string, language: Language): string {
  return formatter(language, { month: 'short', timeZone: 'UTC' }).format(businessDay(date));
}

function formatShortDay(date: string, language: Language): string {
  return formatter(language, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
    businessDay(date),
  );
}

function formatQuarter(date: string, language: Language): string {
  const quarter = Math.floor(businessDay(date).getUTCMonth() / 3) + 1;
  const year = date.slice(0, 4);
  return language === 'tr' ? `${year} ${quarter}. çeyrek` : `Q${quarter} ${year}`;
}

/** The name of the period that begins on `date`; a week is named by its Monday. */
export function formatPeriod(
  date: string,
  grain: ViewGrain,
  language: Language,
  width: 'long' | 'short' = 'long',
): string {
  if (grain === 'month') return formatMonth(date, language, width);
  if (grain === 'quarter') return formatQuarter(date, language);
  return width === 'long' ? formatDay(date, language) : formatShortDay(date, language);
}

/** "2 Kasım 2026 06:00" in the reporting time zone. */
export function formatInstant(instant: string, timeZone: string, language: Language): string {
  const read = moment(instant);
  const day = formatter(language, { dateStyle: 'long', timeZone }).format(read);
  const time = formatter(language, { hour: '2-digit', minute: '2-digit', hour12: false, timeZone }).format(
    read,
  );
  return `${day} ${time}`;
}

/** The last local day that lies wholly or partly before `asOf`: an as-of at midnight belongs to the day before. */
export function formatDataDate(asOf: string, timeZone: string, language: Language): string {
  const lastMillisecond = new Date(moment(asOf).getTime() - 1);
  return formatter(language, { dateStyle: 'long', timeZone }).format(lastMillisecond);
}
