// A KPI as a page shows it: its series, its last complete period, and how that compares.
import { formatPeriod } from '../../functions/core/format/date-format.ts';
import type { LocalisedText, View, ViewGrain } from '../../functions/core/snapshot.ts';
import {
  countText,
  decimalText,
  moneyText,
  noValueSign,
  type PageContext,
  ratioText,
} from '../page-context.ts';
import { type RowReader, readRows } from '../view-reader.ts';

export interface KpiPoint {
  readonly periodStart: string;
  readonly value: number | null;
  readonly target: number | null;
  /** A sector's value to start from, which the project has not made its own. */
  readonly isDefaultTarget: boolean;
  /** What others publish, with who does; null where nothing comparable is known. */
  readonly benchmark: { readonly value: number; readonly source: string } | null;
  readonly isComplete: boolean;
  readonly nullReason: string | null;
}

export interface Kpi {
  readonly id: string;
  readonly label: LocalisedText;
  readonly unit: string;
  readonly better: 'up' | 'down' | null;
  readonly grain: ViewGrain;
  /** By time, at most thirteen. */
  readonly points: readonly KpiPoint[];
}

/** A change of a value: its size as text, its direction, and whether that is good. */
export interface Change {
  readonly text: string;
  readonly direction: 'up' | 'down' | 'none';
  readonly isGood: boolean | null;
}

const pointsShown = 13;

function readBetter(text: string | null): Kpi['better'] {
  return text === 'up' || text === 'down' ? text : null;
}

function readBenchmark(row: RowReader): KpiPoint['benchmark'] {
  const value = row.number('benchmark');
  const source = row.text('benchmark_source');
  return value === null || source === null ? null : { value, source };
}

function readPoint(row: RowReader, says: { source: boolean; benchmark: boolean }): KpiPoint {
  return {
    periodStart: row.label('period_start'),
    value: row.number('value'),
    target: row.number('target'),
    isDefaultTarget: says.source && row.text('target_source') === 'default',
    benchmark: says.benchmark ? readBenchmark(row) : null,
    isComplete: row.flag('is_complete'),
    nullReason: row.text('null_reason'),
  };
}

export function readKpis(view: View): readonly Kpi[] {
  // a view that was carried over from an older snapshot may not say whose the targets are, and knows no benchmarks
  const has = (column: string): boolean => view.columns.some(({ key }) => key === column);
  const says = { source: has('target_source'), benchmark: has('benchmark') };
  const groups = Map.groupBy(readRows(view), (row) => row.label('kpi_id'));
  return [...groups].flatMap(([id, rows]) => {
    const [first] = rows;
    if (!first) return [];
    const points = rows
      .map((row) => readPoint(row, says))
      .sort((a, b) => (a.periodStart < b.periodStart ? -1 : 1));
    return [
      {
        id,
        label: { tr: first.label('label_tr'), en: first.label('label_en') },
        unit: first.label('unit'),
        better: readBetter(first.text('better')),
        grain: view.grain,
        points: points.slice(-pointsShown),
      },
    ];
  });
}

export function lastComplete(kpi: Kpi): KpiPoint | undefined {
  return kpi.points.findLast((point) => point.isComplete);
}

function previousOf(kpi: Kpi, point: KpiPoint): KpiPoint | undefined {
  return kpi.points[kpi.points.indexOf(point) - 1];
}

export function kpiValueText(value: number | null, unit: string, context: PageContext): string {
  if (value === null) return noValueSign;
  if (unit === 'ratio') return ratioText(value, context);
  if (unit === 'count') return countText(value, context);
  if (unit === 'money') return moneyText(value, context);
  if (unit === 'minutes') return context.text.minutes(decimalText(value, context, 1));
  if (unit === 'seconds') return context.text.seconds(decimalText(value, context, 1));
  if (unit === 'months') return context.text.months(decimalText(value, context, 1));
  if (unit === 'days') return context.text.days(decimalText(value, context, 1));
  if (unit === 'hours') return context.text.hours(decimalText(value, context, 1));
  if (unit === 'times') return context.text.times(decimalText(value, context, 2));
  return decimalText(value, context, 1);
}

/** A rate and a score change in points; everything else in per cent of what it was. */
function isInPoints(unit: string): boolean {
  return unit === 'ratio' || unit === 'score';
}

export function gapText(gap: number, reference: number, unit: string, context: PageContext): string {
  const size = Math.abs(gap);
  if (isInPoints(unit))
    return context.text.points(decimalText(unit === 'ratio' ? size * 100 : size, context, 1));
  return ratioText(size / Math.abs(reference), context);
}

/** A difference that would be written as zero is none. */
function isVisible(gap: number, reference: number, unit: string): boolean {
  const scaled = unit === 'score' ? gap : isInPoints(unit) ? gap * 100 : (gap / Math.abs(reference)) * 100;
  return Math.abs(scaled) >= 0.05;
}

export function changeOf(kpi: Kpi, point: KpiPoint, context: PageContext): Change | string {
  const previous = previousOf(kpi, point)?.value ?? null;
  if (point.value === null || previous === null) return context.text.noPrevious;
  const gap = point.value - previous;
  if (previous === 0 && !isInPoints(kpi.unit) && gap !== 0) return context.text.previousZero;
  if (gap === 0 || !isVisible(gap, previous, kpi.unit)) {
    return { text: '', direction: 'none', isGood: null };
  }
  const direction = gap > 0 ? 'up' : 'down';
  return {
    text: gapText(gap, previous, kpi.unit, context),
    direction,
    isGood: kpi.better === null ? null : kpi.better === direction,
  };
}

/** Against the target: met when the value lies on the better side of it or shows as equal to it. */
export function targetOf(
  kpi: Kpi,
  point: KpiPoint,
): { target: number; gap: number; isMet: boolean; isEqual: boolean } | null {
  if (point.value === null || point.target === null) return null;
  const gap = point.value - point.target;
  const isEqual = gap === 0 || (point.target !== 0 && !isVisible(gap, point.target, kpi.unit));
  const isMet = isEqual || (kpi.better === 'down' ? gap < 0 : gap > 0);
  return { target: point.target, gap, isMet, isEqual };
}

export function nullReasonText(point: KpiPoint | undefined, context: PageContext): string {
  if (!point) return context.text.noCompletePeriod;
  const known: Readonly<Record<string, string>> = context.text.nullReasons;
  const reason = point.nullReason;
  return reason === null ? context.text.noValue : (known[reason] ?? reason);
}

export function kpiPeriodText(point: KpiPoint, kpi: Kpi, context: PageContext): string {
  return formatPeriod(point.periodStart, kpi.grain, context.language);
}
