import { addDays, daysBetween, periodStart } from '../oracle/local-time.ts';

/** As a model reads `calendar_days`, made without the product's own calendar. */
export const calendarColumns = {
  calendar_date: 'date',
  week_start: 'date',
  month_start: 'date',
  quarter_start: 'date',
  year_start: 'date',
  starts_at: 'timestamp',
  ends_at: 'timestamp',
} as const;

export type CalendarRow = Readonly<Record<keyof typeof calendarColumns, string>>;

/** An instant in milliseconds as a table of the engine takes it. */
export const timestamp = (instant: number): string =>
  new Date(instant).toISOString().replace('T', ' ').replace('Z', '');

/** A row for each day from the first to the last, both included. */
export function calendarRows(
  firstDay: string,
  lastDay: string,
  midnightOf: (day: string) => number,
): CalendarRow[] {
  return Array.from({ length: daysBetween(firstDay, lastDay) + 1 }, (_, index) => {
    const calendar_date = addDays(firstDay, index);
    return {
      calendar_date,
      week_start: periodStart(calendar_date, 'week'),
      month_start: periodStart(calendar_date, 'month'),
      quarter_start: periodStart(calendar_date, 'quarter'),
      year_start: `${calendar_date.slice(0, 4)}-01-01`,
      starts_at: timestamp(midnightOf(calendar_date)),
      ends_at: timestamp(midnightOf(addDays(calendar_date, 1))),
    };
  });
}
