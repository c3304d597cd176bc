import { minorUnitDigits } from '../format/number-format.ts';
import type { Cell, ColumnType, LocalisedText, ViewColumn, ViewGrain, ViewKind } from '../snapshot.ts';

/** A row as a warehouse gives it: numbers may come as text, so that no digit is lost. */
export type SourceRow = Readonly<Record<string, unknown>>;

export interface ShapedRows {
  readonly rows: readonly (readonly Cell[])[];
  /** Rows or cells that were hidden for standing for too few customers. */
  readonly suppressed: number;
}

export interface PublishingRules {
  /** k: a figure of fewer customers is not published. */
  readonly minimumGroup: number;
  /** The reporting currency: it says how many minor units a major one has. */
  readonly currency: string;
}

/** One published view: what it selects, what its columns mean, and how small groups are hidden. A new view is one such file. */
export interface ViewSource {
  readonly id: string;
  readonly kind: ViewKind;
  readonly grain: ViewGrain;
  readonly title: LocalisedText;
  readonly columns: readonly ViewColumn[];
  /** Plain SQL over the marts of the run. */
  readonly sql: string;
  readonly sqlModel: string;
  readonly definition: LocalisedText;
  readonly shape: (rows: readonly SourceRow[], rules: PublishingRules) => ShapedRows;
}

export function viewColumn(
  key: string,
  type: ColumnType,
  tr: string,
  en: string,
  options: { readonly format?: string; readonly additive?: boolean } = {},
): ViewColumn {
  return { key, type, label: { tr, en }, format: options.format ?? '0', additive: options.additive ?? false };
}

export function toCount(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** A decimal text such as 249.90 in minor units of its currency. */
export function toMinorUnits(value: unknown, currency: string): number | null {
  return value === null || value === undefined
    ? null
    : Math.round(Number(value) * 10 ** minorUnitDigits(currency));
}

export function toText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** True for a count of some, but too few: nobody at all is no group. */
export function isSmallGroup(count: number | null, minimumGroup: number): boolean {
  return count !== null && count > 0 && count < minimumGroup;
}

/** The rows to hide so that a hidden one cannot be had back from the total: one more when only one is small. */
export function rowsToHide(counts: readonly (number | null)[], minimumGroup: number): ReadonlySet<number> {
  const small = counts.flatMap((count, index) => (isSmallGroup(count, minimumGroup) ? [index] : []));
  if (small.length !== 1) {
    return new Set(small);
  }
  const others = counts
    .flatMap((count, index) => (count !== null && count >= minimumGroup ? [{ count, index }] : []))
    .sort((a, b) => a.count - b.count);
  return new Set([...small, ...others.slice(0, 1).map(({ index }) => index)]);
}
