import { periodStart } from '../local-time.ts';
import { groupBy } from '../values.ts';
import type { LocalCuts } from './local-cuts.ts';
import { exactMedian, type Observation, survivalAt, survivalMedian } from './survival.ts';
import { type Dropoff, dayMilliseconds, type Lifecycle, type Membership, type Stage } from './types.ts';

/** A membership of a ranked stage with what became of it. */
type Entry = {
  readonly membership: Membership;
  /** The beginning of the first later membership of a higher rank, however late. */
  readonly higherAt: number | null;
  readonly isMature: boolean;
  readonly hasAdvanced: boolean;
};

/** "Of a ranked stage (not `lapsed`), by the local month of `entered_at`; every membership counts." */
export function dropoffsOf(
  lifecycle: Lifecycle,
  memberships: readonly Membership[],
  cuts: LocalCuts,
  asOf: number,
): Dropoff[] {
  const byCustomer = groupBy(memberships, ({ customer_id }) => customer_id);
  return lifecycle.stages.flatMap((stage) => {
    const entries = memberships
      .filter(({ stage_id }) => stage_id === stage.id)
      .map((membership) => entryOf(stage, membership, byCustomer.get(membership.customer_id) ?? [], asOf));
    const months = groupBy(entries, ({ membership }) =>
      periodStart(cuts.dayOf(membership.entered_at), 'month'),
    );
    return [...months].map(([entry_month, ofMonth]) => ({
      lifecycle_id: lifecycle.lifecycle,
      stage_id: stage.id,
      entry_month,
      ...figuresOf(stage, ofMonth, { asOf, isTop: stage === lifecycle.stages.at(-1) }),
    }));
  });
}

/** "`within_days` being the stage's target window (default 30)." */
function targetWindow(stage: Stage): number {
  return (stage.target?.within_days ?? 30) * dayMilliseconds;
}

function entryOf(stage: Stage, membership: Membership, own: readonly Membership[], asOf: number): Entry {
  const until = membership.entered_at + targetWindow(stage);
  const higher = own
    .filter(
      ({ entered_at, stage_rank }) =>
        entered_at > membership.entered_at && stage_rank > membership.stage_rank,
    )
    .map(({ entered_at }) => entered_at);
  const higherAt = higher.length === 0 ? null : Math.min(...higher);
  return {
    membership,
    higherAt,
    // "A membership is *mature* when `entered_at + within_days × 24 h ≤ as-of`"
    isMature: until <= asOf,
    // "It *advanced* when a later membership of any higher rank begins at or before" the end of that window
    hasAdvanced: higherAt !== null && higherAt <= until,
  };
}

type Figures = Omit<Dropoff, 'lifecycle_id' | 'stage_id' | 'entry_month'>;

function figuresOf(
  stage: Stage,
  entries: readonly Entry[],
  { asOf, isTop }: { readonly asOf: number; readonly isTop: boolean },
): Figures {
  const mature = entries.filter(({ isMature }) => isMature);
  const advanced = mature.filter(({ hasAdvanced }) => hasAdvanced);
  // "null when none is mature"; "the top rank has null rates"
  const advance_rate = isTop || mature.length === 0 ? null : advanced.length / mature.length;
  const target_rate = stage.target?.advance_rate ?? null;
  return {
    count_entered: entries.length,
    count_advanced: advanced.length,
    count_immature: entries.length - mature.length,
    advance_rate,
    km_advance_rate: isTop ? null : 1 - survivalAt(untilHigher(entries, asOf), targetWindow(stage)),
    median_days_to_advance: inDays(exactMedian(advanced.map(timeToHigher))),
    median_days_in_stage: inDays(survivalMedian(untilLeft(entries, asOf))),
    target_rate,
    benchmark_rate: benchmarkOf(stage),
    // "max(0, `target_rate` − `advance_rate`) × mature, null without a target or without a rate"
    count_shortfall:
      target_rate === null || advance_rate === null
        ? null
        : Math.max(0, target_rate - advance_rate) * mature.length,
  };
}

/** "Clock from `entered_at`, event = beginning of the first later membership of a higher rank, censored at the as-of instant." */
function untilHigher(entries: readonly Entry[], asOf: number): Observation[] {
  return entries.map(({ membership, higherAt }) => observe(membership.entered_at, higherAt, asOf));
}

/** "Time to `left_at` (open ones censored)." */
function untilLeft(entries: readonly Entry[], asOf: number): Observation[] {
  return entries.map(({ membership }) => observe(membership.entered_at, membership.left_at, asOf));
}

function observe(start: number, end: number | null, asOf: number): Observation {
  return end === null ? { duration: asOf - start, isEvent: false } : { duration: end - start, isEvent: true };
}

function timeToHigher({ membership, higherAt }: Entry): number {
  return (higherAt ?? Number.NaN) - membership.entered_at;
}

function benchmarkOf({ benchmark }: Stage): number | null {
  return typeof benchmark === 'object' ? (benchmark?.advance_rate ?? null) : null;
}

/** "All in days as a double." */
function inDays(milliseconds: number | null): number | null {
  return milliseconds === null ? null : milliseconds / dayMilliseconds;
}
