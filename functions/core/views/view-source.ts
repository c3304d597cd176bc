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
  /** Of a view that is made once for each lifecycle. */
  readonly lifecycle?: string;
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

/** The rows to hide so that no hidden group smaller than k can be had back from the total. */
export function rowsToHide(counts: readonly (number | null)[], minimumGroup: number): ReadonlySet<number> {
  return cellsToHide(counts, [counts.map((_, index) => index)], minimumGroup);
}

/**
 * The same for cells that stand in several totals, such as the rows and the columns of a matrix: each line lists the
 * cells of one published total. More cells are hidden, smallest first, until what a line hides is k together.
 * `also` are cells to hide for another reason.
 */
export function cellsToHide(
  counts: readonly (number | null)[],
  lines: readonly (readonly number[])[],
  minimumGroup: number,
  also: readonly number[] = [],
): ReadonlySet<number> {
  const hidden = new Set([
    ...counts.flatMap((count, index) => (isSmallGroup(count, minimumGroup) ? [index] : [])),
    ...also,
  ]);
  let next: number | undefined;
  do {
    next = lines.flatMap((line) => oneMoreToHide(counts, line, hidden, minimumGroup) ?? []).at(0);
    if (next !== undefined) {
      hidden.add(next);
    }
  } while (next !== undefined);
  return hidden;
}

/** The smallest shown cell of a line that hides something, but one cell only or too few customers together. */
function oneMoreToHide(
  counts: readonly (number | null)[],
  line: readonly number[],
  hidden: ReadonlySet<number>,
  minimumGroup: number,
): number | undefined {
  const inLine = line.filter((index) => hidden.has(index));
  const together = inLine.reduce((sum, index) => sum + (counts[index] ?? 0), 0);
  if (inLine.length === 0 || (inLine.length > 1 && together >= minimumGroup)) {
    return undefined;
  }
  return line
    .filter((index) => !hidden.has(index) && (counts[index] ?? 0) > 0)
    .sort((a, b) => (counts[a] ?? 0) - (counts[b] ?? 0))
    .at(0);
}

/** A text as a literal of SQL. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
