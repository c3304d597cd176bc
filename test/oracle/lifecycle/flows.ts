import { addDays } from '../local-time.ts';
import { groupBy } from '../values.ts';
import { type LocalCuts, startOfNextPeriod, startOfPeriod } from './local-cuts.ts';
import type { Coverage } from './occupancy.ts';
import { type Flow, flowGrains, type Lifecycle, outside } from './types.ts';

/** Flows of every day, week and month that these days lie in: from the lifecycle's first entry to the as-of day. */
export function flowsOf(
  lifecycle: Lifecycle,
  days: readonly string[],
  coverage: Coverage,
  { cuts, asOf }: { readonly cuts: LocalCuts; readonly asOf: number },
): Flow[] {
  return flowGrains.flatMap((grain) => {
    const periods = new Set(days.map((day) => startOfPeriod(day, grain)));
    return [...periods].flatMap((start) => {
      const next = startOfNextPeriod(start, grain);
      return movesBetween(coverage, start, next).map((move) => ({
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
function movesBetween(coverage: Coverage, start: string, next: string): Move[] {
  const before = coverage(addDays(start, -1));
  const stageBefore = new Map(before.map(({ customer_id, stage_id }) => [customer_id, stage_id]));
  const froms = groupBy(
    coverage(addDays(next, -1)),
    ({ customer_id }) => stageBefore.get(customer_id) ?? outside,
  );
  return [...froms].flatMap(([from_stage_id, fromThere]) =>
    [...groupBy(fromThere, ({ stage_id }) => stage_id)].map(([to_stage_id, customers]) => ({
      from_stage_id,
      to_stage_id,
      count_customers: customers.length,
    })),
  );
}
