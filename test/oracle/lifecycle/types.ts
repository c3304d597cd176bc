/** What a rule may see of one thing that happened; times are milliseconds since 1970, money is in hundredths. */
export type Touchpoint = {
  readonly touchpoint_id: string;
  readonly customer_id: string;
  readonly occurred_at: number;
  readonly event: string;
  readonly channel: string | null;
  readonly order_id: string | null;
  readonly product_id: string | null;
  readonly category: string | null;
  readonly campaign_source: string | null;
  readonly campaign_medium: string | null;
  readonly campaign_name: string | null;
  /** In the reporting currency. The warehouse holds it as decimal(18,2); larger sums are out of scope. */
  readonly reporting_amount: bigint | null;
  /** JSON text, so that no digit of a number is lost before it is compared. */
  readonly properties: string | null;
};

/** A value as YAML gives it; a bigint where a number has more digits than a double holds. */
export type Scalar = string | number | bigint | boolean;

export type Condition = {
  readonly property: string;
  readonly eq?: Scalar;
  readonly ne?: Scalar;
  readonly in?: readonly Scalar[];
  readonly gte?: Scalar;
  readonly lte?: Scalar;
  readonly exists?: boolean;
};

export type Matcher = {
  readonly event: string | readonly string[];
  readonly channel?: string | readonly string[];
  readonly where?: Condition | readonly Condition[];
};

export type EnterRule = Matcher & {
  readonly at_least?: number;
  readonly count?: 'touchpoints' | 'days';
  readonly within_days?: number;
  readonly after?: Matcher;
};

export type Stage = {
  readonly id: string;
  readonly enter?: readonly EnterRule[];
  readonly leave?: readonly Matcher[];
  readonly hold_days?: number | null;
  readonly target?: { readonly advance_rate?: number; readonly within_days?: number } | null;
  readonly benchmark?: 'none' | { readonly advance_rate?: number } | null;
};

export const policies = ['furthest', 'latest'] as const;
export type Policy = (typeof policies)[number];

/** A parsed lifecycle file; keys that only describe are left alone. */
export type Lifecycle = {
  readonly lifecycle: string;
  readonly policy?: Policy;
  readonly stages: readonly Stage[];
};

export type Run = { readonly asOf: number; readonly timeZone: string };

/** A rule of a stage firing at one of its own matching touchpoints. */
export type Firing = {
  readonly lifecycle_id: string;
  readonly customer_id: string;
  readonly stage_id: string;
  readonly rule_id: string;
  readonly rule_number: number;
  readonly touchpoint: Touchpoint;
};

export type Membership = {
  readonly lifecycle_id: string;
  readonly customer_id: string;
  readonly stage_id: string;
  readonly stage_rank: number;
  readonly entered_at: number;
  readonly left_at: number | null;
};

export type TransitionKind = 'enter' | 'advance' | 'skip' | 'return' | 'lapse' | 'reactivate';

export type Cause = {
  readonly rule_id: string | null;
  readonly touchpoint_id: string | null;
  readonly event: string | null;
  readonly channel: string | null;
};

export type Transition = Cause & {
  readonly lifecycle_id: string;
  readonly customer_id: string;
  readonly occurred_at: number;
  readonly from_stage_id: string | null;
  readonly to_stage_id: string;
  readonly kind: TransitionKind;
  readonly count_skipped: number | null;
};

export type Occupancy = {
  readonly lifecycle_id: string;
  readonly stage_id: string;
  readonly occupancy_date: string;
  readonly count_customers: number;
};

export const flowGrains = ['day', 'week', 'month'] as const;
export type FlowGrain = (typeof flowGrains)[number];

export type Flow = {
  readonly lifecycle_id: string;
  readonly grain: FlowGrain;
  readonly period_start: string;
  readonly from_stage_id: string;
  readonly to_stage_id: string;
  readonly count_customers: number;
  readonly is_complete: boolean;
};

export type Dropoff = {
  readonly lifecycle_id: string;
  readonly stage_id: string;
  readonly entry_month: string;
  readonly count_entered: number;
  readonly count_advanced: number;
  readonly count_immature: number;
  readonly advance_rate: number | null;
  readonly km_advance_rate: number | null;
  readonly median_days_to_advance: number | null;
  readonly median_days_in_stage: number | null;
  readonly target_rate: number | null;
  readonly benchmark_rate: number | null;
  readonly count_shortfall: number | null;
};

export type LifecycleRows = {
  readonly firings: readonly Firing[];
  readonly stage_memberships: readonly Membership[];
  readonly stage_transitions: readonly Transition[];
  readonly stage_occupancy: readonly Occupancy[];
  readonly stage_flows: readonly Flow[];
  readonly stage_dropoffs: readonly Dropoff[];
};

export const lapsed = 'lapsed';
export const outside = 'outside';
export const dayMilliseconds = 24 * 60 * 60 * 1000;

/** One or a list, as YAML allows both. */
export function listOf<Item>(one: Item | readonly Item[] | undefined): readonly Item[] {
  if (one === undefined) return [];
  return Array.isArray(one) ? one : [one as Item];
}
