import { describe, expect, it } from 'vitest';
import { createCalendar } from '../../../../functions/core/simulation/calendar.ts';
import { dayNumber, planDay } from '../../../../functions/core/simulation/feasts.ts';

const kindOn = (date: string) => planDay(dayNumber(date)).kind;
const specialsOn = (date: string) => planDay(dayNumber(date)).specials;

describe('planDay', () => {
  it.each([
    ['2024-04-09', '2024-04-10', '2024-04-12', '2024-04-13'],
    ['2024-06-15', '2024-06-16', '2024-06-19', '2024-06-20'],
    ['2025-03-29', '2025-03-30', '2025-04-01', '2025-04-02'],
    ['2025-06-05', '2025-06-06', '2025-06-09', '2025-06-10'],
    ['2026-03-19', '2026-03-20', '2026-03-22', '2026-03-23'],
    ['2026-05-26', '2026-05-27', '2026-05-30', '2026-05-31'],
    ['2027-03-08', '2027-03-09', '2027-03-11', '2027-03-12'],
    ['2027-05-15', '2027-05-16', '2027-05-19', '2027-05-20'],
  ])('knows the feast with its eve on %s', (eve, first, last, after) => {
    expect(kindOn(eve)).toBe('eve');
    expect(kindOn(first)).toBe('feast');
    expect(kindOn(last)).toBe('feast');
    expect(kindOn(after)).not.toBe('feast');
  });

  it('fasts from the first day to the eve of the feast, 29 or 30 days', () => {
    for (const [start, eve] of [
      ['2024-03-11', '2024-04-09'],
      ['2025-03-01', '2025-03-29'],
      ['2026-02-19', '2026-03-19'],
      ['2027-02-08', '2027-03-08'],
    ] as const) {
      expect([29, 30]).toContain(dayNumber(eve) - dayNumber(start) + 1);
      expect(kindOn(start)).toBe('ramadan');
      expect(specialsOn(eve)).toContain('ramadan');
      expect(planDay(dayNumber(start) - 1).specials).not.toContain('ramadan');
    }
  });

  it('finds the days that the week decides', () => {
    expect(specialsOn('2025-05-11')).toContain('mothers_day');
    expect(specialsOn('2025-05-12')).not.toContain('mothers_day');
    expect(specialsOn('2025-06-15')).toContain('fathers_day');
    expect(specialsOn('2024-09-09')).toContain('school_opening');
    expect(specialsOn('2024-11-11')).toEqual(expect.arrayContaining(['november_sales', 'eleven_eleven']));
    expect(specialsOn('2025-11-28')).toContain('black_friday');
    expect(specialsOn('2025-12-01')).toContain('november_sales');
    expect(specialsOn('2025-12-02')).not.toContain('november_sales');
  });
});

describe('createCalendar', () => {
  const seasonal = createCalendar({ from: '2024-07-01', months: 24, isPure: false });

  it('runs from the first local midnight to the last', () => {
    expect(seasonal.isoAt(seasonal.startAt)).toBe('2024-06-30T21:00:00.000Z');
    expect(seasonal.isoAt(seasonal.endAt)).toBe('2026-06-30T21:00:00.000Z');
    expect(seasonal.countDays).toBe(730);
  });

  it('leads from clock time to operational time and back', () => {
    for (let share = 0.001; share < 1; share += 0.037) {
      const at = seasonal.startAt + share * (seasonal.endAt - seasonal.startAt);

      expect(Math.abs(seasonal.fromOperational(seasonal.toOperational(at)) - at)).toBeLessThan(1);
    }
  });

  it('has a mean multiplier of 1, so that the season moves purchases and adds none', () => {
    const total = seasonal.days.reduce((sum, day) => sum + day.multiplier, 0);

    expect(total / seasonal.countDays).toBeCloseTo(1, 9);
    expect(seasonal.toOperational(seasonal.endAt - 1)).toBeCloseTo(730, 3);
  });

  it('raises prices every month, and never in a pure store', () => {
    const indexes = seasonal.months.map((month) => month.index);
    const pure = createCalendar({ from: '2024-07-01', months: 24, isPure: true });

    expect(indexes).toHaveLength(24);
    expect(indexes[0]).toBe(1);
    expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b));
    expect(new Set(pure.months.map((month) => month.index))).toEqual(new Set([1]));
    expect(pure.toOperational(pure.startAt + 43_200_000)).toBe(0.5);
  });

  it('refuses years whose feasts are not known', () => {
    expect(() => createCalendar({ from: '2027-07-01', months: 12, isPure: false })).toThrow(/2024 to 2027/);
    expect(createCalendar({ from: '2031-07-01', months: 12, isPure: true }).countDays).toBe(366);
  });
});
