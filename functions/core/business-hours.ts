import { type BusinessHours, minuteOf, weekdays } from './business-hours-setting.ts';
import type { CalendarDay } from './calendar.ts';
import { instantOfLocalMinute } from './calendar.ts';

export interface HolidayRow {
  readonly holiday_date: string;
  readonly is_half_day: boolean;
}

/** When the business is open on a local day. Closed: both ends are the day's start. */
export interface BusinessDay {
  readonly calendar_date: string;
  readonly is_holiday: boolean;
  readonly is_half_day: boolean;
  readonly opens_at: Date;
  readonly closes_at: Date;
  /** How long it was open on all days of the calendar before this one. */
  readonly open_milliseconds_before: number;
}

/**
 * The opening hours of every day of the calendar, as instants: a day on which the clocks change has the hours that it
 * really had. With the running sum, the time open between two instants is one subtraction, however far apart they are.
 */
export function businessDays(
  timeZone: string,
  calendar: readonly CalendarDay[],
  hours: BusinessHours,
  publicHolidays: readonly HolidayRow[],
): readonly BusinessDay[] {
  const holidays = hours.public_holidays === 'none' ? [] : publicHolidays;
  const full = new Set(holidays.filter((row) => !row.is_half_day).map((row) => row.holiday_date));
  const half = new Set(holidays.filter((row) => row.is_half_day).map((row) => row.holiday_date));
  const closed = new Set([...full, ...hours.closed_on]);
  const instantOf = instantOfLocalMinute(timeZone);
  let before = 0;
  return calendar.map((day) => {
    const isHalf = half.has(day.calendar_date) && !closed.has(day.calendar_date);
    const [opens, closes] = closed.has(day.calendar_date)
      ? [0, 0]
      : openMinutes(day.calendar_date, hours, isHalf);
    const isOpen = closes > opens;
    const opens_at = isOpen ? instantOf(day, opens) : day.starts_at;
    const closes_at = isOpen ? instantOf(day, closes) : day.starts_at;
    const open_milliseconds_before = before;
    before += closes_at.getTime() - opens_at.getTime();
    return {
      calendar_date: day.calendar_date,
      is_holiday: closed.has(day.calendar_date),
      is_half_day: isHalf,
      opens_at,
      closes_at,
      open_milliseconds_before,
    };
  });
}

/** Minutes after local midnight between which it is open; 0 and 0 where it is not. */
function openMinutes(date: string, hours: BusinessHours, isHalf: boolean): readonly [number, number] {
  const weekday = weekdays[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] ?? 'monday';
  const text = hours[weekday];
  if (text === 'closed') return [0, 0];
  const [from = '', to = ''] = text.split('-');
  const end = isHalf ? Math.min(minuteOf(to), minuteOf(hours.half_day_until)) : minuteOf(to);
  return [minuteOf(from), Math.max(end, minuteOf(from))];
}
