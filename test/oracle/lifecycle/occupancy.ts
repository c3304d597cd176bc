import { addDays } from '../local-time.ts';
import { type LocalCuts, remembered } from './local-cuts.ts';
import { type Lifecycle, lapsed, type Membership, type Occupancy } from './types.ts';

/** "A membership covers day d when `entered_at < cut(d)` and (`left_at` is null or `left_at ≥ cut(d)`)." */
function covers({ entered_at, left_at }: Membership, cut: number): boolean {
  return entered_at < cut && (left_at === null || left_at >= cut);
}

/** The memberships that cover a day, one of each customer who had entered by then; each day is worked out once. */
export type Coverage = (day: string) => readonly Membership[];

export function coverageOf(memberships: readonly Membership[], cuts: LocalCuts): Coverage {
  return remembered((day: string) => {
    const cut = cuts.cut(day);
    return memberships.filter((membership) => covers(membership, cut));
  });
}

/** The days "from the lifecycle's first entry to the as-of day"; none when nobody ever entered. */
export function daysOf(memberships: readonly Membership[], cuts: LocalCuts): string[] {
  if (memberships.length === 0) return [];
  const firstEntry = memberships.reduce((least, { entered_at }) => Math.min(least, entered_at), Infinity);
  const days: string[] = [];
  for (let day = cuts.dayOf(firstEntry); day <= cuts.asOfDay; day = addDays(day, 1)) days.push(day);
  return days;
}

/** "Customers whose membership covers d; one row per stage and `lapsed`, zeros included." */
export function occupancyOf(lifecycle: Lifecycle, days: readonly string[], coverage: Coverage): Occupancy[] {
  const stageIds = [lapsed, ...lifecycle.stages.map(({ id }) => id)];
  return days.flatMap((occupancy_date) =>
    stageIds.map((stage_id) => ({
      lifecycle_id: lifecycle.lifecycle,
      stage_id,
      occupancy_date,
      count_customers: coverage(occupancy_date).filter((membership) => membership.stage_id === stage_id)
        .length,
    })),
  );
}
