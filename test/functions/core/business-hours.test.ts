import { describe, expect, it } from 'vitest';
import { businessDays, type HolidayRow } from '../../../functions/core/business-hours.ts';
import { BusinessHours } from '../../../functions/core/business-hours-setting.ts';
import { calendarDays } from '../../../functions/core/calendar.ts';
import { readConfiguration } from '../../../functions/core/configuration.ts';

const holidays: readonly HolidayRow[] = [
  { holiday_date: '2024-04-09', is_half_day: true },
  { holiday_date: '2024-04-10', is_half_day: false },
];

function open(zone: string, day: string, settings: Partial<BusinessHours> = {}) {
  const hours = BusinessHours.parse(settings);
  const [one] = businessDays(zone, calendarDays(zone, day, day), hours, holidays);
  return [one?.opens_at.toISOString(), one?.closes_at.toISOString()];
}

const allDay = { sunday: '00:00-24:00' } as const;

describe('businessDays', () => {
  it('opens from Monday to Friday, nine to six, on the clocks of the zone', () => {
    expect(open('Europe/Istanbul', '2024-05-06')).toEqual([
      '2024-05-06T06:00:00.000Z',
      '2024-05-06T15:00:00.000Z',
    ]);
    expect(open('Europe/Istanbul', '2024-05-05')).toEqual([
      '2024-05-04T21:00:00.000Z',
      '2024-05-04T21:00:00.000Z',
    ]);
  });

  it('closes at one on an arife, and is closed on the feast and on days of its own', () => {
    expect(open('Europe/Istanbul', '2024-04-09')[1]).toBe('2024-04-09T10:00:00.000Z');
    expect(open('Europe/Istanbul', '2024-04-10')).toEqual([
      '2024-04-09T21:00:00.000Z',
      '2024-04-09T21:00:00.000Z',
    ]);
    expect(open('Europe/Istanbul', '2024-05-06', { closed_on: ['2024-05-06'] })[1]).toBe(
      '2024-05-05T21:00:00.000Z',
    );
    expect(open('Europe/Istanbul', '2024-04-10', { public_holidays: 'none' })[1]).toBe(
      '2024-04-10T15:00:00.000Z',
    );
  });

  it('opens in the afternoon only, and not at all on a half day', () => {
    expect(open('Europe/Istanbul', '2024-04-09', { tuesday: '14:00-22:00' })).toEqual([
      '2024-04-08T21:00:00.000Z',
      '2024-04-08T21:00:00.000Z',
    ]);
  });

  it('has the hours that a day with a change of the clock really has', () => {
    expect(open('Europe/London', '2024-03-31', allDay)).toEqual([
      '2024-03-31T00:00:00.000Z',
      '2024-03-31T23:00:00.000Z',
    ]);
    expect(open('Europe/London', '2024-10-27', allDay)).toEqual([
      '2024-10-26T23:00:00.000Z',
      '2024-10-28T00:00:00.000Z',
    ]);
    // Istanbul in its last years of summer time
    expect(open('Europe/Istanbul', '2016-03-27', { sunday: '02:00-12:00' })).toEqual([
      '2016-03-27T00:00:00.000Z',
      '2016-03-27T09:00:00.000Z',
    ]);
  });

  it('moves an opening that the clocks skip, and takes the first of one that they show twice', () => {
    expect(open('Europe/London', '2024-03-31', { sunday: '01:30-12:00' })).toEqual([
      '2024-03-31T01:30:00.000Z',
      '2024-03-31T11:00:00.000Z',
    ]);
    expect(open('Europe/London', '2024-10-27', { sunday: '01:30-12:00' })).toEqual([
      '2024-10-27T00:30:00.000Z',
      '2024-10-27T12:00:00.000Z',
    ]);
  });

  it('adds up what came before', () => {
    const days = businessDays(
      'Europe/Istanbul',
      calendarDays('Europe/Istanbul', '2024-04-05', '2024-04-11'),
      BusinessHours.parse({}),
      holidays,
    );

    expect(days.map((day) => day.open_milliseconds_before / 3_600_000)).toEqual([0, 9, 9, 9, 18, 22, 22]);
  });
});

describe('business_hours of dongu.yaml', () => {
  it.each([
    ['09:00-09:00', 'hours end after they begin'],
    ['9-18', 'neither closed nor hours'],
    ['18:00-24:30', 'neither closed nor hours'],
  ])('refuses %s', (text, message) => {
    expect(() => readConfiguration(`business_hours: { monday: "${text}" }`, 'dongu.yaml')).toThrow(message);
  });
});
