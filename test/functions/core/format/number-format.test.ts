import { describe, expect, it } from 'vitest';
import {
  formatAxisCount,
  formatCompactCount,
  formatCompactMoney,
  formatMoney,
  formatRatio,
  formatSignedRatio,
  majorUnits,
  minorUnitDigits,
} from '../../../../functions/core/format/number-format.ts';

// Intl glues its units with no-break spaces; which one is its own affair
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('formatRatio', () => {
  it('puts the percent sign first in Turkish and last in English', () => {
    expect(formatRatio(0.784, 'tr')).toBe('%78,4');
    expect(formatRatio(0.784, 'en')).toBe('78.4%');
  });

  it('writes a signed change', () => {
    expect(formatSignedRatio(0.046, 'tr')).toBe('+%4,6');
    expect(formatSignedRatio(-0.046, 'en')).toBe('-4.6%');
  });
});

describe('formatMoney', () => {
  it('writes kuruş and the narrow symbol in both languages', () => {
    expect(formatMoney(124_990, 'TRY', 'tr')).toBe('₺1.249,90');
    expect(formatMoney(124_990, 'TRY', 'en')).toBe('₺1,249.90');
    expect(formatMoney(-124_990, 'GBP', 'en')).toBe('-£1,249.90');
  });

  it('knows currencies without and with three decimals', () => {
    expect(minorUnitDigits('JPY')).toBe(0);
    expect(minorUnitDigits('KWD')).toBe(3);
    expect(majorUnits(1_250, 'JPY')).toBe(1_250);
  });
});

describe('formatCompactMoney', () => {
  it('keeps kuruş for a small amount, drops them from ten thousand on, abbreviates from a million on', () => {
    expect(plain(formatCompactMoney(124_990, 'TRY', 'tr'))).toBe('₺1.249,90');
    expect(plain(formatCompactMoney(4_512_390, 'TRY', 'tr'))).toBe('₺45.124');
    expect(plain(formatCompactMoney(1_241_249_090, 'TRY', 'tr'))).toBe('₺12,4 Mn');
    expect(plain(formatCompactMoney(340_000_000_000, 'TRY', 'tr'))).toBe('₺3,4 Mr');
    expect(plain(formatCompactMoney(1_241_249_090, 'TRY', 'en'))).toBe('₺12.4M');
  });

  it('writes a round small amount without decimals', () => {
    expect(formatCompactMoney(0, 'TRY', 'tr')).toBe('₺0');
  });
});

describe('formatCompactCount', () => {
  it('never abbreviates thousands, because "120 B" reads as a billion in Turkish', () => {
    expect(formatCompactCount(120_000, 'tr')).toBe('120.000');
    expect(plain(formatCompactCount(1_234_567, 'tr'))).toBe('1,2 Mn');
    expect(formatCompactCount(1_234_567, 'en')).toBe('1.2M');
  });
});

describe('formatAxisCount', () => {
  it('writes all ticks of an axis in the wording of its largest', () => {
    expect(formatAxisCount(8_000, 12_000, 'en')).toBe('8,000');
    expect(formatAxisCount(10_000, 12_000, 'en')).toBe('10,000');
    expect(plain(formatAxisCount(50_000, 240_000, 'tr'))).toBe('50 bin');
    expect(formatAxisCount(50_000, 240_000, 'en')).toBe('50K');
    expect(formatAxisCount(0, 240_000, 'tr')).toBe('0');
  });
});
