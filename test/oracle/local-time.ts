export const grains = ['week', 'month', 'quarter'] as const;
export type Grain = (typeof grains)[number];

const formats = new Map<string, Intl.DateTimeFormat>();

/** The local calendar day (YYYY-MM-DD) on which an instant falls. */
export function localDay(instant: number, timeZone: string): string {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      calendar: 'gregory',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  formats.set(timeZone, format);
  const parts = new Map(format.formatToParts(instant).map((part) => [part.type, part.value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}

/** The first day of the period that a day lies in; weeks begin on Monday. */
export function periodStart(day: string, grain: Grain): string {
  if (grain === 'week') return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
  const month = Number(day.slice(5, 7));
  const first = grain === 'month' ? month : month - ((month - 1) % 3);
  return `${day.slice(0, 4)}-${String(first).padStart(2, '0')}-01`;
}

export function nextPeriod(start: string, grain: Grain): string {
  if (grain === 'week') return addDays(start, 7);
  // The first of a month plus 31 (or 93) days always lands in the next month (or quarter).
  return periodStart(addDays(start, grain === 'month' ? 31 : 93), grain);
}

/** Every period from one to another, both included; empty when the last lies before the first. */
export function periodsBetween(first: string, last: string, grain: Grain): string[] {
  const periods: string[] = [];
  for (let start = first; start <= last; start = nextPeriod(start, grain)) periods.push(start);
  return periods;
}

/** The as-of day is the local day of the last millisecond before the as-of instant. */
export function asOfPeriod(asOf: Date, timeZone: string, grain: Grain): string {
  return periodStart(localDay(asOf.getTime() - 1, timeZone), grain);
}

/** A period is over when the as-of instant already lies on a day after it. */
export function isOver(start: string, asOf: Date, timeZone: string, grain: Grain): boolean {
  return localDay(asOf.getTime(), timeZone) >= nextPeriod(start, grain);
}
