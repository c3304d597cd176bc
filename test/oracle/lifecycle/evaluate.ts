import { groupBy } from '../values.ts';
import { dropoffsOf } from './dropoffs.ts';
import { flowsOf } from './flows.ts';
import { localCuts } from './local-cuts.ts';
import { membershipsOf } from './memberships.ts';
import { coverageOf, daysOf, occupancyOf } from './occupancy.ts';
import { touchpointsSeen } from './seen.ts';
import { firingsOf, signalsOf } from './signals.ts';
import { transitionsOf } from './transitions.ts';
import type { Lifecycle, LifecycleRows, Run, Touchpoint } from './types.ts';

/** Everything that `lifecycle.md` says about one lifecycle over all touchpoints received. */
export function evaluateLifecycle(
  lifecycle: Lifecycle,
  received: readonly Touchpoint[],
  run: Run,
): LifecycleRows {
  return evaluateSeen(lifecycle, touchpointsSeen(received, run.asOf), run);
}

/** The same, when the touchpoints that rules see are already worked out: several lifecycles share them. */
export function evaluateSeen(lifecycle: Lifecycle, seen: readonly Touchpoint[], run: Run): LifecycleRows {
  const cuts = localCuts(run);
  const journeys = [...groupBy(seen, ({ customer_id }) => customer_id)].map(([customer_id, touchpoints]) => {
    const firings = firingsOf(lifecycle, touchpoints, cuts);
    const signals = signalsOf(lifecycle, touchpoints, firings);
    // "A customer who has touchpoints but never a signal in a lifecycle has no membership in it."
    const memberships = membershipsOf(lifecycle, customer_id, signals, run.asOf);
    return { memberships, touchpoints, firings };
  });
  const memberships = journeys.flatMap((journey) => journey.memberships);
  const days = daysOf(memberships, cuts);
  const coverage = coverageOf(memberships, cuts);
  return {
    firings: journeys.flatMap((journey) => journey.firings),
    stage_memberships: memberships,
    stage_transitions: journeys.flatMap((journey) => transitionsOf(lifecycle, journey)),
    stage_occupancy: occupancyOf(lifecycle, days, coverage),
    stage_flows: flowsOf(lifecycle, days, coverage, { cuts, asOf: run.asOf }),
    stage_dropoffs: dropoffsOf(lifecycle, memberships, cuts, run.asOf),
  };
}
