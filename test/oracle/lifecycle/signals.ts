import type { LocalCuts } from './local-cuts.ts';
import { matches } from './match.ts';
import {
  dayMilliseconds,
  type EnterRule,
  type Firing,
  type Lifecycle,
  type Stage,
  type Touchpoint,
} from './types.ts';

/** An instant at which a rule of a stage fires, with the time during which it keeps its stage true. */
export type Signal = {
  readonly stage_id: string;
  readonly stage_rank: number;
  readonly at: number;
  /** The hold is `[at, endsAt)`; Infinity is for ever. */
  readonly endsAt: number;
};

/** "`stage_rank` 1..n in the declared order." */
function rankOf(lifecycle: Lifecycle, stageId: string): number {
  return lifecycle.stages.findIndex((stage) => stage.id === stageId) + 1;
}

/** Every rule of a lifecycle firing for one customer, whose seen touchpoints these are. */
export function firingsOf(lifecycle: Lifecycle, own: readonly Touchpoint[], cuts: LocalCuts): Firing[] {
  return lifecycle.stages.flatMap((stage) =>
    (stage.enter ?? []).flatMap((rule, index) =>
      touchpointsFiring(rule, own, cuts).map((touchpoint) => ({
        lifecycle_id: lifecycle.lifecycle,
        customer_id: touchpoint.customer_id,
        stage_id: stage.id,
        rule_id: `${lifecycle.lifecycle}.${stage.id}.${index + 1}`,
        rule_number: index + 1,
        touchpoint,
      })),
    ),
  );
}

/** "A rule fires only at its own matching touchpoints", and "touchpoints of one instant all count for each other". */
function touchpointsFiring(rule: EnterRule, own: readonly Touchpoint[], cuts: LocalCuts): Touchpoint[] {
  const matching = own.filter((touchpoint) => matches(rule, touchpoint));
  return matching.filter(
    ({ occurred_at }) =>
      countAt(rule, matching, occurred_at, cuts) >= (rule.at_least ?? 1) && isAfter(rule, own, occurred_at),
  );
}

/**
 * "The number of the customer's touchpoints matching this one rule in `(t − within_days × 24 h, t]` (or `(−∞, t]`), or of
 * their distinct local days with `count: days`."
 */
function countAt(rule: EnterRule, matching: readonly Touchpoint[], t: number, cuts: LocalCuts): number {
  const after = rule.within_days === undefined ? -Infinity : t - rule.within_days * dayMilliseconds;
  const counted = matching.filter(({ occurred_at }) => occurred_at > after && occurred_at <= t);
  return rule.count === 'days'
    ? new Set(counted.map(({ occurred_at }) => cuts.dayOf(occurred_at))).size
    : counted.length;
}

/** "With `after`, when some touchpoint matching it is at or before t." */
function isAfter({ after }: EnterRule, own: readonly Touchpoint[], t: number): boolean {
  return (
    after === undefined || own.some((touchpoint) => touchpoint.occurred_at <= t && matches(after, touchpoint))
  );
}

/** "A stage has a signal at t when any of its rules fires at t." */
export function signalsOf(
  lifecycle: Lifecycle,
  own: readonly Touchpoint[],
  firings: readonly Firing[],
): Signal[] {
  return lifecycle.stages.flatMap((stage) => {
    const ofStage = firings.filter((firing) => firing.stage_id === stage.id);
    const instants = new Set(ofStage.map((firing) => firing.touchpoint.occurred_at));
    return [...instants].map((at) => ({
      stage_id: stage.id,
      stage_rank: rankOf(lifecycle, stage.id),
      at,
      endsAt: Math.min(holdEnd(stage, at), nextLeave(stage, own, at)),
    }));
  });
}

/** "`[signal, signal + hold_days × 24 h)`, for ever without `hold_days`." */
function holdEnd({ hold_days }: Stage, at: number): number {
  return hold_days === undefined || hold_days === null ? Infinity : at + hold_days * dayMilliseconds;
}

/** "A `leave` touchpoint at t ends, at t, every hold of its stage whose signal is before t." */
function nextLeave(stage: Stage, own: readonly Touchpoint[], at: number): number {
  const leaves = own.filter(
    (touchpoint) =>
      touchpoint.occurred_at > at && (stage.leave ?? []).some((matcher) => matches(matcher, touchpoint)),
  );
  return Math.min(Infinity, ...leaves.map(({ occurred_at }) => occurred_at));
}
