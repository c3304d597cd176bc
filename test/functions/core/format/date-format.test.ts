import { describe, expect, it } from 'vitest';
import {
  formatDataDate,
  formatDay,
  formatInstant,
  formatMonth,
  formatPeriod,
} from '../../../../functions/core/format/date-format.ts';

describe('formatPeriod', () => {
  it('names a period by its grain', () => {
    expect(formatPeriod('2026-10-01', 'month', 'tr')).toBe('Ekim 2026');
    expect(formatPeriod('2026-10-01', 'month', 'en')).toBe('October 2026');
    expect(formatPeriod('2026-10-01', 'quarter', 'tr')).toBe('2026 4. çeyrek');
    expect(formatPeriod('2026-10-01', 'quarter', 'en')).toBe('Q4 2026');
    expect(formatPeriod('2026-10-05', 'week', 'tr', 'short')).toBe('5 Eki 2026');
  });

  it('shortens every English month to three letters', () => {
    expect(formatMonth('2026-09-01', 'en', 'short')).toBe('Sep 2026');
  });

  it('takes a business date as it is, in any time zone of the machine', () => {
    expect(formatDay('2026-01-01', 'tr')).toBe('1 Ocak 2026');
  });

  it('refuses what is not a date', () => {
    expect(() => formatDay('01.10.2026', 'tr')).toThrow('write it as YYYY-MM-DD');
    expect(() => formatDay('2026-13-01', 'tr')).toThrow('"2026-13-01" is not a date');
  });
});

describe('formatDataDate', () => {
  it('is the local day of the last millisecond before as-of', () => {
    expect(formatDataDate('2026-10-31T21:00:00Z', 'Europe/Istanbul', 'tr')).toBe('31 Ekim 2026');
    expect(formatDataDate('2026-10-31T21:00:00.001Z', 'Europe/Istanbul', 'tr')).toBe('1 Kasım 2026');
    expect(formatDataDate('2011-12-10T00:00:00Z', 'Europe/London', 'en')).toBe('9 December 2011');
  });
});

describe('formatInstant', () => {
  it('writes the wall clock of the reporting time zone', () => {
    expect(formatInstant('2026-11-02T03:00:00Z', 'Europe/Istanbul', 'tr')).toBe('2 Kasım 2026 06:00');
    expect(formatInstant('2026-11-01T21:00:00Z', 'Europe/Istanbul', 'en')).toBe('2 November 2026 00:00');
  });

  it('refuses what is not an instant', () => {
    expect(() => formatInstant('soon', 'UTC', 'en')).toThrow('"soon" is not an instant');
  });
});
