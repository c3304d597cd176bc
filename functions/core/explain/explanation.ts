// The contract `dongu.explain/1`: why a customer is in a stage. docs/explain.md describes it. Instants are UTC.
import type { EnterRule, LabelPair, Matcher, Policy } from '../lifecycle-template.ts';

export interface Explanation {
  readonly schema: 'dongu.explain/1';
  readonly run_id: string;
  /** The run's cut: nothing at or after it is known. */
  readonly as_of: string;
  /** The last instant that is looked at; what happened at it counts. */
  readonly at: string;
  readonly time_zone: string;
  readonly currency: string;
  readonly customer_id: string;
  /** False when the configuration names other lifecycles, or other rules, than those of the run. */
  readonly is_configuration_current: boolean;
  readonly lifecycles: readonly LifecycleExplanation[];
}

export interface LifecycleExplanation {
  readonly lifecycle_id: string;
  readonly label: LabelPair;
  readonly policy: Policy;
  /** False when the published memberships differ from what the models now make of the same rows. */
  readonly matches_published: boolean;
  readonly count_stages: number;
  /** Null for a customer without any signal yet. */
  readonly current: CurrentStage | null;
  /** In time order, the current one included; `left_at` is null while it lasts. */
  readonly memberships: readonly ExplainedMembership[];
  /** The stages above the current one, or all of them without one, from the lowest. */
  readonly ways_up: readonly WayUp[];
  /** Every rule that is named above, as the template has it. */
  readonly rules: Readonly<Record<string, Matcher | EnterRule>>;
}

export interface StageName {
  readonly stage_id: string;
  readonly stage_rank: number;
  readonly label: LabelPair;
}

export interface CurrentStage extends StageName {
  readonly since: string;
  /** The latest firing that keeps the stage; null in `lapsed`. */
  readonly held_by: Firing | null;
  /** When the stage ends if nothing more happens; null: never. */
  readonly runs_out_at: string | null;
  /** What then follows, to the end. */
  readonly afterwards: readonly (StageName & { readonly from: string; readonly until: string | null })[];
  /** Rules that would end the stage at once. */
  readonly left_by: readonly string[];
}

export type TransitionKind = 'enter' | 'advance' | 'skip' | 'return' | 'lapse' | 'reactivate';

export interface ExplainedMembership extends StageName {
  readonly entered_at: string;
  readonly left_at: string | null;
  readonly kind: TransitionKind;
  readonly from_stage_id: string | null;
  readonly count_skipped: number | null;
  /** Null where a hold ran out. */
  readonly cause: Firing | null;
}

/** A rule that took effect at an instant, with all that it counted. */
export interface Firing {
  readonly rule_id: string;
  readonly kind: 'enter' | 'leave';
  readonly at: string;
  /** The touchpoint at which it fired. */
  readonly touchpoint: ExplainedTouchpoint;
  /** All touchpoints that count for it, in time order. */
  readonly counted: readonly ExplainedTouchpoint[];
  /** The first touchpoint that the rule waits for, where it has an `after`. */
  readonly opened_by: ExplainedTouchpoint | null;
}

export interface ExplainedTouchpoint {
  readonly touchpoint_id: string;
  readonly occurred_at: string;
  readonly event: string;
  readonly channel: string | null;
  readonly order_id: string | null;
  /** In the run's currency, of all lines of an order. */
  readonly amount: string | null;
  /** What the touchpoint has where the rule asks for something. */
  readonly values: readonly { readonly property: string; readonly value: string }[];
}

export interface WayUp extends StageName {
  /** Any one of them is enough. */
  readonly rules: readonly MissingForRule[];
}

export interface MissingForRule {
  readonly rule_id: string;
  /** Touchpoints or days that it asks for, and how many of them count at `at`. */
  readonly count_required: number;
  readonly count_counted: number;
  /** At least 1: a rule fires only at a new touchpoint. */
  readonly count_missing: number;
  /** The missing ones must fall on days that do not count yet. */
  readonly needs_other_day: boolean;
  /** The last missing one must come before it, or what counts now counts no more; null: no such limit. */
  readonly before: string | null;
  /** Whether what the rule waits for has happened; null where it waits for nothing. */
  readonly is_opened: boolean | null;
}
