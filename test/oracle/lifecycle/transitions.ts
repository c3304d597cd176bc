import { compareBytes, firstDifference } from '../values.ts';
import { matches } from './match.ts';
import {
  type Cause,
  type Firing,
  type Lifecycle,
  lapsed,
  type Membership,
  type Touchpoint,
  type Transition,
  type TransitionKind,
} from './types.ts';

/** What happened to one customer: the memberships in order, the seen touchpoints and the firings. */
export type Journey = {
  readonly memberships: readonly Membership[];
  readonly touchpoints: readonly Touchpoint[];
  readonly firings: readonly Firing[];
};

/** One transition into each membership. */
export function transitionsOf(lifecycle: Lifecycle, journey: Journey): Transition[] {
  return journey.memberships.map((to, index) => {
    const from = journey.memberships[index - 1];
    const kind = kindOf(from, to);
    return {
      lifecycle_id: to.lifecycle_id,
      customer_id: to.customer_id,
      occurred_at: to.entered_at,
      from_stage_id: from?.stage_id ?? null,
      to_stage_id: to.stage_id,
      kind,
      // "ranks passed over; null for all other kinds"
      count_skipped: kind === 'skip' ? to.stage_rank - (from?.stage_rank ?? 0) - 1 : null,
      ...causeOf(lifecycle, journey, from, to),
    };
  });
}

function kindOf(from: Membership | undefined, to: Membership): TransitionKind {
  if (from === undefined) return 'enter';
  if (to.stage_id === lapsed) return 'lapse';
  if (from.stage_id === lapsed) return 'reactivate';
  if (to.stage_rank < from.stage_rank) return 'return';
  return to.stage_rank === from.stage_rank + 1 ? 'advance' : 'skip';
}

const noCause: Cause = { rule_id: null, touchpoint_id: null, event: null, channel: null };

type Reason = { readonly touchpoint: Touchpoint; readonly rule_id: string; readonly rule_number: number };

/**
 * "The touchpoint at which a rule of the *entered* stage fires at that instant. If there is none, it is the first `leave`
 * touchpoint of the stage left, at that instant; otherwise null. All four columns come from it."
 */
function causeOf(
  lifecycle: Lifecycle,
  journey: Journey,
  from: Membership | undefined,
  to: Membership,
): Cause {
  const at = to.entered_at;
  const entering = journey.firings.filter(
    (firing) => firing.stage_id === to.stage_id && firing.touchpoint.occurred_at === at,
  );
  const reason = firstReason(entering) ?? firstReason(leavingAt(lifecycle, journey.touchpoints, from, at));
  if (reason === undefined) return noCause;
  const { touchpoint_id, event, channel } = reason.touchpoint;
  return { rule_id: reason.rule_id, touchpoint_id, event, channel };
}

/** "First by `touchpoint_id` in byte order, with the first such rule in declared order." */
function firstReason(reasons: readonly Reason[]): Reason | undefined {
  return reasons.toSorted((a, b) =>
    firstDifference(
      compareBytes(a.touchpoint.touchpoint_id, b.touchpoint.touchpoint_id),
      a.rule_number - b.rule_number,
    ),
  )[0];
}

/** The `leave` touchpoints of the stage left "at that instant, also where its hold would have ended then". */
function leavingAt(
  lifecycle: Lifecycle,
  touchpoints: readonly Touchpoint[],
  from: Membership | undefined,
  at: number,
): Reason[] {
  const stage = lifecycle.stages.find(({ id }) => id === from?.stage_id);
  const present = touchpoints.filter((touchpoint) => touchpoint.occurred_at === at);
  return (stage?.leave ?? []).flatMap((matcher, index) =>
    present
      .filter((touchpoint) => matches(matcher, touchpoint))
      .map((touchpoint) => ({
        touchpoint,
        rule_id: `${lifecycle.lifecycle}.${stage?.id}.leave.${index + 1}`,
        rule_number: index + 1,
      })),
  );
}
