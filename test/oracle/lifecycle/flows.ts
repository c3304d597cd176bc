import { addDays } from '../local-time.ts';
import { groupBy } from '../values.ts';
import { type LocalCuts, startOfNextPeriod, startOfPeriod } from './local-cuts.ts';
import { covers, daysOf } from './occupancy.ts';
import { type Flow, flowGrains, type Lifecycle, type Membership, outside } from './types.ts';

/** Flows of every day, week and month from the lifecycle's first entry to the as-of day. */
export function flowsOf(
  lifecycle: Lifecycle,
  memberships: readonly Membership[],
  cuts: LocalCuts,
  asOf: number,
): Flow[] {
  const days = daysOf(memberships, cuts);
  return flowGrains.flatMap((grain) => {
    const periods = new Set(days.map((day) => startOfPeriod(day, grain)));
    return [...periods].flatMap((start) => {
      const next = startOfNextPeriod(start, grain);
      return movesBetween(memberships, start, next, cuts).map((move) => ({
        lifecycle_id: lifecycle.lifecycle,
        grain,
        period_start: start,
        ...move,
        // "an unfinished period ends at the as-of instant and has `is_complete` false"
        is_complete: cuts.midnight(next) <= asOf,
      }));
    });
  });
}

type Move = Pick<Flow, 'from_stage_id' | 'to_stage_id' | 'count_customers'>;

/**
 * "Customers by (stage at the last instant before the period's first local midnight, or `outside`; stage at cut(the
 * period's last day)). So the `to` of one period is the `from` of the next": both are the stage that covers a day.
 */
function movesBetween(
  memberships: readonly Membership[],
  start: string,
  next: string,
  cuts: LocalCuts,
): Move[] {
  const before = memberships.filter((membership) => covers(membership, addDays(start, -1), cuts));
  const stageBefore = new Map(before.map((membership) => [membership.customer_id, membership.stage_id]));
  const atEnd = memberships.filter((membership) => covers(membership, addDays(next, -1), cuts));
  const moves = groupBy(atEnd, ({ customer_id, stage_id }) =>
    JSON.stringify([stageBefore.get(customer_id) ?? outside, stage_id]),
  );
  return [...moves].map(([key, customers]) => {
    const [from_stage_id, to_stage_id] = JSON.parse(key) as [string, string];
    return { from_stage_id, to_stage_id, count_customers: customers.length };
  });
}
