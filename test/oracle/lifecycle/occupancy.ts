import { addDays } from '../local-time.ts';
import type { LocalCuts } from './local-cuts.ts';
import { type Lifecycle, lapsed, type Membership, type Occupancy } from './types.ts';

/** "A membership covers day d when `entered_at < cut(d)` and (`left_at` is null or `left_at ≥ cut(d)`)." */
export function covers({ entered_at, left_at }: Membership, day: string, cuts: LocalCuts): boolean {
  return entered_at < cuts.cut(day) && (left_at === null || left_at >= cuts.cut(day));
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
export function occupancyOf(
  lifecycle: Lifecycle,
  memberships: readonly Membership[],
  cuts: LocalCuts,
): Occupancy[] {
  const stageIds = [lapsed, ...lifecycle.stages.map(({ id }) => id)];
  return daysOf(memberships, cuts).flatMap((occupancy_date) => {
    const covering = memberships.filter((membership) => covers(membership, occupancy_date, cuts));
    return stageIds.map((stage_id) => ({
      lifecycle_id: lifecycle.lifecycle,
      stage_id,
      occupancy_date,
      count_customers: covering.filter((membership) => membership.stage_id === stage_id).length,
    }));
  });
}
