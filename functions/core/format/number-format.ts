// How a number is written in Turkish and in English. Percent, currency and minus signs come from Intl:
// Turkish puts the percent sign first, so no text is ever glued to a number here.
import type { Language } from '../snapshot.ts';

/** Below this a number is written whole: Intl's Turkish "120 B" for 120 thousand reads as a billion in finance. */
const compactFrom = 1_000_000;

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(language, options);
  formatters.set(key, made);
  return made;
}

/** Minor units in one major unit as a power of ten: 2 for TRY, 0 for JPY, 3 for KWD. */
export function minorUnitDigits(currency: string): number {
  return formatter('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** The amount in major units, for drawing and for Intl. */
export function majorUnits(minorUnits: number, currency: string): number {
  return minorUnits / 10 ** minorUnitDigits(currency);
}

export function formatCount(value: number, language: Language): string {
  return formatter(language, { maximumFractionDigits: 0 }).format(value);
}

export function formatNumber(value: number, language: Language, digits: number): string {
  return formatter(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** Whole below one million, "1,2 Mn" / "1.2M" above. */
export function formatCompactCount(value: number, language: Language): string {
  if (Math.abs(value) < compactFrom) return formatCount(value, language);
  return formatter(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** For the ticks of an axis, all in the wording of its largest: "120 bin" / "120K" from a hundred thousand on. */
export function formatAxisCount(value: number, largest: number, language: Language): string {
  const size = Math.abs(largest);
  if (size < 100_000 || value === 0) return formatter(language, { maximumFractionDigits: 2 }).format(value);
  return formatter(language, {
    notation: 'compact',
    compactDisplay: language === 'tr' && Math.abs(value) < compactFrom ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(value);
}

export function formatRatio(value: number, language: Language, digits = 1): string {
  return formatter(language, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** A relative change with its sign: "+%4,6" / "+4.6%". */
export function formatSignedRatio(value: number, language: Language, digits = 1): string {
  return formatter(language, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: 'exceptZero',
  }).format(value);
}

/** The whole amount, kuruş included: "₺1.249,90". */
export function formatMoney(minorUnits: number, currency: string, language: Language): string {
  return formatter(language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(
    majorUnits(minorUnits, currency),
  );
}

/** For a tile or a cell: kuruş below ten thousand, whole units up to a million, "₺12,4 Mn" above. */
export function formatCompactMoney(minorUnits: number, currency: string, language: Language): string {
  const amount = majorUnits(minorUnits, currency);
  const size = Math.abs(amount);
  if (size < 10_000 && !Number.isInteger(amount)) return formatMoney(minorUnits, currency, language);
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const options =
    size < compactFrom
      ? { ...style, maximumFractionDigits: 0 }
      : { ...style, notation: 'compact' as const, minimumFractionDigits: 0, maximumFractionDigits: 1 };
  return formatter(language, options).format(amount);
}
