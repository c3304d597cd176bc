// The cohort view as numbers: cohorts by period, with the scale and the weighted mean of the complete cells.

import { tickStep } from 'd3-array';
import { scaleThreshold } from 'd3-scale';
import type { View } from '../../functions/core/snapshot.ts';
import { type RowReader, readRows } from '../view-reader.ts';

export interface CohortCell {
  readonly active: number | null;
  readonly size: number | null;
  readonly isComplete: boolean;
}

export interface Cohort {
  readonly start: string;
  readonly size: number | null;
  readonly cells: ReadonlyMap<number, CohortCell>;
}

export interface CohortTriangle {
  /** Oldest first, at most the newest 24. */
  readonly cohorts: readonly Cohort[];
  readonly countAll: number;
  readonly lastPeriod: number;
  /**
   * By period number: sum of active over sum of cohort, complete cells only. From the view's own rows of all cohorts
   * where it has them; otherwise from the cells, but never where one of them is hidden, because that mean would be wrong.
   */
  readonly means: ReadonlyMap<number, number>;
}

export interface ShareScale {
  readonly stepOf: (share: number) => number;
  /** Lower bounds of steps 2 to 5. */
  readonly bounds: readonly number[];
}

const cohortsShown = 24;
const periodsShown = 24;

export function shareOf(cell: CohortCell): number | null {
  if (cell.active === null || cell.size === null || cell.size === 0) return null;
  return cell.active / cell.size;
}

function meansOf(cohorts: readonly Cohort[], lastPeriod: number): ReadonlyMap<number, number> {
  const periods = Array.from({ length: lastPeriod + 1 }, (_, period) => period);
  return new Map(
    periods.flatMap((period): [number, number][] => {
      const complete = cohorts
        .flatMap((cohort) => cohort.cells.get(period) ?? [])
        .filter((cell) => cell.isComplete);
      const known = complete.flatMap(({ active, size }) =>
        active === null || size === null ? [] : [{ active, size }],
      );
      const size = known.reduce((sum, cell) => sum + cell.size, 0);
      return size === 0 || known.length < complete.length
        ? []
        : [[period, known.reduce((sum, cell) => sum + cell.active, 0) / size]];
    }),
  );
}

function publishedMeans(totals: readonly RowReader[]): ReadonlyMap<number, number> {
  return new Map(
    totals.flatMap((row): [number, number][] => {
      const active = row.number('count_active');
      const size = row.number('count_cohort');
      return active === null || !size ? [] : [[row.number('period_number') ?? 0, active / size]];
    }),
  );
}

export function readCohorts(view: View): CohortTriangle {
  const rows = readRows(view);
  const totals = rows.filter((row) => row.text('cohort_start') === null);
  const groups = Map.groupBy(
    rows.filter((row) => row.text('cohort_start') !== null),
    (row) => row.label('cohort_start'),
  );
  const all = [...groups]
    .map(([start, rows]): Cohort => {
      const cells = rows.map((row): [number, CohortCell] => [
        row.number('period_number') ?? 0,
        {
          active: row.number('count_active'),
          size: row.number('count_cohort'),
          isComplete: row.flag('is_complete'),
        },
      ]);
      const size = cells.find(([, cell]) => cell.size !== null)?.[1].size ?? null;
      return { start, size, cells: new Map(cells.filter(([period]) => period < periodsShown)) };
    })
    .sort((a, b) => (a.start < b.start ? -1 : 1));
  const cohorts = all.slice(-cohortsShown);
  const lastPeriod = Math.max(0, ...cohorts.flatMap((cohort) => [...cohort.cells.keys()]));
  const means = totals.length > 0 ? publishedMeans(totals) : meansOf(cohorts, lastPeriod);
  return { cohorts, countAll: all.length, lastPeriod, means };
}

/**
 * Five equal steps with round bounds over the periods after the first. Period 0 is 100 % by definition
 * and would make every other cell pale.
 */
export function shareScale({ cohorts }: CohortTriangle): ShareScale {
  const shares = cohorts.flatMap((cohort) =>
    [...cohort.cells].flatMap(([period, cell]) => (period > 0 ? [shareOf(cell) ?? 0] : [])),
  );
  const highest = Math.max(0, ...shares);
  const step = highest === 0 ? 0.1 : tickStep(0, highest, 5);
  const bounds = [1, 2, 3, 4].map((count) => Math.round(count * step * 1e6) / 1e6);
  const scale = scaleThreshold<number, number>().domain(bounds).range([1, 2, 3, 4, 5]);
  return { stepOf: (share) => scale(share), bounds };
}
