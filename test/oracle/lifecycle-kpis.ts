import { localCuts } from './lifecycle/local-cuts.ts';
import {
  dayMilliseconds,
  type Lifecycle,
  lapsed,
  type Membership,
  type Run,
  type Touchpoint,
  type Transition,
} from './lifecycle/types.ts';
import { nextPeriod, periodStart } from './local-time.ts';
import { groupBy } from './values.ts';

export type Phase = 'value_creation' | 'value_expansion';

export type KpiWorld = {
  readonly run: Run;
  readonly lifecycles: readonly Lifecycle[];
  /** The phase of a stage by its rank. */
  readonly phaseOf: (rank: number, countStages: number) => Phase;
  /** As the marts tell them: they have an oracle of their own. */
  readonly memberships: readonly Membership[];
  readonly transitions: readonly Pick<
    Transition,
    'lifecycle_id' | 'occurred_at' | 'from_stage_id' | 'to_stage_id' | 'kind'
  >[];
  readonly received: readonly Touchpoint[];
  readonly seen: readonly Touchpoint[];
};

export type KpiRow = {
  readonly kpi_id: string;
  readonly lifecycle_id: string | null;
  readonly grain: string;
  readonly period_start: string;
  readonly segment_type: string;
  readonly segment_value: string;
  readonly value: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly n: number;
  readonly is_complete: boolean;
  readonly null_reason: string | null;
};

export type TouchpointRow = {
  readonly lifecycle_id: string;
  readonly stage_id: string;
  readonly dimension: 'channel' | 'event';
  readonly value: string;
  readonly count_touchpoints: number;
  readonly count_stays: number;
  readonly count_mature_stays: number;
  readonly count_moved_on: number;
  readonly moved_on_rate: number | null;
};

type Grain = 'week' | 'month' | 'quarter' | 'year';
const everyGrain: readonly Grain[] = ['week', 'month', 'quarter', 'year'];
const cohortGrains: readonly Grain[] = ['month', 'quarter', 'year'];

type Figures = Pick<KpiRow, 'value' | 'numerator' | 'denominator' | 'n' | 'is_complete' | 'null_reason'>;

/** A period with its two ends: who is where is asked just before them. */
type Period = {
  readonly grain: Grain;
  readonly start: string;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly isOver: boolean;
};

function startOf(day: string, grain: Grain): string {
  return grain === 'year' ? `${day.slice(0, 4)}-01-01` : periodStart(day, grain);
}

function startAfter(start: string, grain: Grain): string {
  return grain === 'year' ? `${Number(start.slice(0, 4)) + 1}-01-01` : nextPeriod(start, grain);
}

/** Every period of the grain from that of one instant to that of the as-of day. */
function periodsFrom(instant: number, grain: Grain, run: Run): Period[] {
  const cuts = localCuts(run);
  const last = startOf(cuts.asOfDay, grain);
  const periods: Period[] = [];
  for (let start = startOf(cuts.dayOf(instant), grain); start <= last; start = startAfter(start, grain)) {
    const end = cuts.midnight(startAfter(start, grain));
    periods.push({
      grain,
      start,
      opensAt: cuts.midnight(start),
      closesAt: Math.min(end, run.asOf),
      isOver: end <= run.asOf,
    });
  }
  return periods;
}

const isIn = (instant: number, period: Period, run: Run): boolean =>
  startOf(localCuts(run).dayOf(instant), period.grain) === period.start;

function ratio(numerator: number, denominator: number, isComplete: boolean, reason: string): Figures {
  return {
    value: denominator === 0 ? null : numerator / denominator,
    numerator,
    denominator,
    n: denominator,
    is_complete: isComplete,
    null_reason: denominator === 0 ? reason : null,
  };
}

const count = (value: number, isComplete: boolean): Figures => ({
  value,
  numerator: null,
  denominator: null,
  n: value,
  is_complete: isComplete,
  null_reason: null,
});

const time = (value: number | null, n: number, isComplete: boolean, reason: string): Figures => ({
  value,
  numerator: null,
  denominator: null,
  n,
  is_complete: isComplete,
  null_reason: value === null ? reason : null,
});

/** One interval in a stage, with what came after it. */
type Stay = {
  readonly membership: Membership;
  readonly window: number;
  readonly isMature: boolean;
  readonly advancedAfter: number | null;
};

/** What is asked of one lifecycle. */
type Case = {
  readonly world: KpiWorld;
  readonly lifecycle: Lifecycle;
  readonly memberships: readonly Membership[];
  readonly byCustomer: ReadonlyMap<string, readonly Membership[]>;
  readonly transitions: KpiWorld['transitions'];
  readonly stays: readonly Stay[];
  /** Stages in rank order. */
  readonly stages: readonly string[];
};

function caseOf(world: KpiWorld, lifecycle: Lifecycle): Case {
  const memberships = world.memberships.filter(({ lifecycle_id }) => lifecycle_id === lifecycle.lifecycle);
  const byCustomer = groupBy(memberships, ({ customer_id }) => customer_id);
  return {
    world,
    lifecycle,
    memberships,
    byCustomer,
    transitions: world.transitions.filter(({ lifecycle_id }) => lifecycle_id === lifecycle.lifecycle),
    stays: memberships.map((membership) => {
      const stage = lifecycle.stages.find(({ id }) => id === membership.stage_id);
      const window = (stage?.target?.within_days ?? 30) * dayMilliseconds;
      const higher = (byCustomer.get(membership.customer_id) ?? [])
        .filter((own) => own.entered_at > membership.entered_at && own.stage_rank > membership.stage_rank)
        .map((own) => own.entered_at - membership.entered_at);
      const after = higher.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...higher);
      return {
        membership,
        window,
        isMature: membership.entered_at + window <= world.run.asOf,
        advancedAfter: after <= window ? after : null,
      };
    }),
    stages: lifecycle.stages.map(({ id }) => id),
  };
}

/** All stages together, or one of them. */
const all = { segment_type: 'all', segment_value: 'all' } as const;
const ofStage = (stage: string) => ({ segment_type: 'stage', segment_value: stage }) as const;
type Segment = { readonly segment_type: string; readonly segment_value: string };

type Told = { readonly kpi_id: string; readonly segment: Segment; readonly figures: Figures };

/** Who is in which stage at the last instant before. */
function stagesBefore({ memberships }: Case, instant: number): Map<string, string> {
  return new Map(
    memberships
      .filter(({ entered_at, left_at }) => entered_at < instant && (left_at === null || left_at >= instant))
      .map(({ customer_id, stage_id }) => [customer_id, stage_id]),
  );
}

function stockAndMoves(of: Case, period: Period): Told[] {
  const { stages, transitions, world } = of;
  const held = [...stagesBefore(of, period.closesAt).values()];
  const moves = transitions.filter(({ occurred_at }) => isIn(occurred_at, period, world.run));
  const between = moves.filter(({ kind }) => ['advance', 'skip', 'return'].includes(kind));
  const told = (kpi_id: string, segment: Segment, figures: Figures): Told => ({ kpi_id, segment, figures });
  const whole = (kpi_id: string, segment: Segment, value: number) =>
    told(kpi_id, segment, count(value, period.isOver));
  const shares = (segment: Segment, out: typeof moves): Told[] => [
    told('skip_share', segment, shareOf(out, 'skip', period)),
    told('return_share', segment, shareOf(out, 'return', period)),
  ];
  return [
    ...[lapsed, ...stages].flatMap((stage) => [
      whole('stage_customers', ofStage(stage), held.filter((one) => one === stage).length),
      whole('stage_entries', ofStage(stage), moves.filter((move) => move.to_stage_id === stage).length),
      whole('stage_exits', ofStage(stage), moves.filter((move) => move.from_stage_id === stage).length),
    ]),
    whole('stage_customers', all, held.filter((one) => one !== lapsed).length),
    whole('stage_entries', all, moves.filter(({ kind }) => kind === 'enter' || kind === 'reactivate').length),
    whole('stage_exits', all, moves.filter(({ kind }) => kind === 'lapse').length),
    ...shares(all, between),
    ...stages.flatMap((stage) =>
      shares(
        ofStage(stage),
        between.filter((move) => move.from_stage_id === stage),
      ),
    ),
    ...expansionShare(of, held, period),
  ];
}

function shareOf(moves: KpiWorld['transitions'], kind: Transition['kind'], { isOver }: Period): Figures {
  return ratio(moves.filter((move) => move.kind === kind).length, moves.length, isOver, 'no_denominator');
}

function phasesOf({ stages, world }: Case): Map<string, Phase> {
  return new Map(stages.map((stage, index) => [stage, world.phaseOf(index + 1, stages.length)]));
}

function expansionShare(of: Case, held: readonly string[], { isOver }: Period): Told[] {
  const phases = phasesOf(of);
  if (new Set(phases.values()).size < 2) return [];
  const ranked = held.filter((stage) => stage !== lapsed);
  const expanded = ranked.filter((stage) => phases.get(stage) === 'value_expansion');
  const figures = ratio(expanded.length, ranked.length, isOver, 'no_denominator');
  return [{ kpi_id: 'value_expansion_share', segment: all, figures }];
}

function lapsesAndReturns(of: Case, period: Period): Told[] {
  const before = [...stagesBefore(of, period.opensAt)];
  const after = stagesBefore(of, period.closesAt);
  const figures = (started: (stage: string) => boolean, ended: (stage: string | undefined) => boolean) => {
    const base = before.filter(([, stage]) => started(stage));
    const hits = base.filter(([customer]) => ended(after.get(customer)));
    return ratio(hits.length, base.length, period.isOver, 'no_denominator');
  };
  const isLapsed = (stage: string | undefined) => stage === lapsed;
  return [
    {
      kpi_id: 'lapse_rate',
      segment: all,
      figures: figures((stage) => stage !== lapsed, isLapsed),
    },
    ...of.stages.map((one) => ({
      kpi_id: 'lapse_rate',
      segment: ofStage(one),
      figures: figures((stage) => stage === one, isLapsed),
    })),
    {
      kpi_id: 'reactivation_rate',
      segment: all,
      figures: figures(isLapsed, (stage) => stage !== lapsed),
    },
  ];
}

function cohorts(of: Case, period: Period): Told[] {
  const entered = of.stays.filter(
    ({ membership }) => membership.stage_id !== lapsed && isIn(membership.entered_at, period, of.world.run),
  );
  const top = of.stages.at(-1);
  const inStage = (stage: string) => entered.filter(({ membership }) => membership.stage_id === stage);
  return [
    ...rates(
      all,
      entered.filter(({ membership }) => membership.stage_id !== top),
      period,
    ),
    ...of.stages
      .filter((stage) => stage !== top)
      .flatMap((stage) => [
        ...rates(ofStage(stage), inStage(stage), period),
        {
          kpi_id: 'median_days_to_advance',
          segment: ofStage(stage),
          figures: daysToAdvance(inStage(stage), period),
        },
      ]),
    ...of.stages.map((stage) => ({
      kpi_id: 'median_days_in_stage',
      segment: ofStage(stage),
      figures: survival(
        inStage(stage).map(({ membership: { entered_at, left_at } }) => ({
          duration: (left_at ?? of.world.run.asOf) - entered_at,
          isOver: left_at !== null,
        })),
        period,
      ),
    })),
    ...crossings(of, period),
  ];
}

function rates(segment: Segment, stays: readonly Stay[], { isOver }: Period): Told[] {
  const mature = stays.filter(({ isMature }) => isMature);
  const advanced = mature.filter(({ advancedAfter }) => advancedAfter !== null).length;
  const isComplete = isOver && mature.length === stays.length;
  const reason = stays.length > 0 ? 'not_mature' : 'no_denominator';
  return [
    { kpi_id: 'advance_rate', segment, figures: ratio(advanced, mature.length, isComplete, reason) },
    {
      kpi_id: 'drop_off_rate',
      segment,
      figures: ratio(mature.length - advanced, mature.length, isComplete, reason),
    },
  ];
}

function daysToAdvance(stays: readonly Stay[], { isOver }: Period): Figures {
  const mature = stays.filter(({ isMature }) => isMature);
  const after = mature
    .flatMap(({ advancedAfter }) => (advancedAfter === null ? [] : [advancedAfter]))
    .sort((a, b) => a - b);
  const middle = [after[Math.floor((after.length - 1) / 2)], after[Math.floor(after.length / 2)]];
  const value = after.length === 0 ? null : ((middle[0] ?? 0) + (middle[1] ?? 0)) / 2 / dayMilliseconds;
  const allMature = mature.length === stays.length;
  return time(value, after.length, isOver && allMature, allMature ? 'no_data' : 'not_mature');
}

type Duration = { readonly duration: number; readonly isOver: boolean };

/** Kaplan and Meier, as the definition says it: from one time at which somebody left to the next. */
function survival(durations: readonly Duration[], { isOver }: Period): Figures {
  const times = [...new Set(durations.filter((one) => one.isOver).map(({ duration }) => duration))];
  let left = 1;
  let half: number | null = null;
  let below: number | null = null;
  for (const at of times.sort((a, b) => a - b)) {
    const atRisk = durations.filter(({ duration }) => duration >= at).length;
    const gone = durations.filter((one) => one.isOver && one.duration === at).length;
    left *= 1 - gone / atRisk;
    if (Math.abs(left - 0.5) <= 1e-9) half ??= at;
    else if (left < 0.5) below ??= at;
  }
  const value = half === null || below === null ? (below ?? half) : (half + below) / 2;
  const canMove = durations.some((one) => !one.isOver && (below === null || one.duration < below));
  const isSettled = durations.length === 0 || (below !== null && !canMove);
  return time(
    value === null ? null : value / dayMilliseconds,
    durations.length,
    isOver && isSettled,
    durations.length === 0 ? 'no_data' : 'not_mature',
  );
}

function crossings(of: Case, period: Period): Told[] {
  const phases = phasesOf(of);
  if (new Set(phases.values()).size < 2) return [];
  const { asOf } = of.world.run;
  const firstIn = (own: readonly Membership[], phase: Phase): number =>
    Math.min(
      ...own.filter(({ stage_id }) => phases.get(stage_id) === phase).map(({ entered_at }) => entered_at),
    );
  const crossing = [...of.byCustomer.values()]
    .map((own) => ({ from: firstIn(own, 'value_creation'), to: firstIn(own, 'value_expansion') }))
    .filter(({ from, to }) => Number.isFinite(from) && from < to && isIn(from, period, of.world.run));
  const limit = 180 * dayMilliseconds;
  const mature = crossing.filter(({ from }) => from + limit <= asOf);
  const crossed = mature.filter(({ from, to }) => to - from <= limit).length;
  const isComplete = period.isOver && mature.length === crossing.length;
  return [
    {
      kpi_id: 'value_crossing_rate',
      segment: all,
      figures: ratio(
        crossed,
        mature.length,
        isComplete,
        crossing.length > 0 ? 'not_mature' : 'no_denominator',
      ),
    },
    {
      kpi_id: 'time_to_expansion',
      segment: all,
      figures: survival(
        crossing.map(({ from, to }) => ({
          duration: Math.min(to, asOf) - from,
          isOver: Number.isFinite(to),
        })),
        period,
      ),
    },
  ];
}

/** What the business sends or records. */
const ownSends = new Set([
  'email_delivered',
  'email_bounced',
  'email_opened',
  'sms_delivered',
  'sms_failed',
  'whatsapp_message_received',
  'whatsapp_message_failed',
  'push_notification_received',
  'push_notification_bounced',
  'survey_sent',
  'lead_contacted',
]);

function channelSwitches({ received, run }: KpiWorld): KpiRow[] {
  const touches = received.filter(
    ({ occurred_at, event, channel }) =>
      occurred_at < run.asOf && channel !== null && channel !== 'system' && !ownSends.has(event),
  );
  if (touches.length === 0) return [];
  const pairs = [...groupBy(touches, ({ customer_id }) => customer_id).values()].flatMap((own) => {
    const once = new Map(own.map((touch) => [`${touch.occurred_at} ${touch.channel}`, touch]));
    const ordered = [...once.values()].sort(
      (a, b) => a.occurred_at - b.occurred_at || Buffer.compare(bytesOf(a), bytesOf(b)),
    );
    return ordered.slice(1).map((touch, index) => ({
      at: touch.occurred_at,
      isSwitch: touch.channel !== ordered[index]?.channel,
    }));
  });
  const first = Math.min(...touches.map(({ occurred_at }) => occurred_at));
  return cohortGrains
    .flatMap((grain) => periodsFrom(first, grain, run))
    .map((period) => {
      const own = pairs.filter(({ at }) => isIn(at, period, run));
      const switches = own.filter(({ isSwitch }) => isSwitch).length;
      const figures = ratio(switches, own.length, period.isOver, 'no_denominator');
      return rowOf({ kpi_id: 'channel_switch_rate', segment: all, figures }, null, period);
    });
}

const bytesOf = ({ channel }: Touchpoint): Buffer => Buffer.from(channel ?? '', 'utf8');

function rowOf({ kpi_id, segment, figures }: Told, lifecycle_id: string | null, period: Period): KpiRow {
  return { kpi_id, lifecycle_id, grain: period.grain, period_start: period.start, ...segment, ...figures };
}

/** Every KPI of lifecycles, counted from who was where when, and from what happened. */
export function kpiRowsOf(world: KpiWorld): KpiRow[] {
  const ofLifecycles = world.lifecycles.flatMap((lifecycle) => {
    const of = caseOf(world, lifecycle);
    if (of.memberships.length === 0) return [];
    const first = Math.min(...of.memberships.map(({ entered_at }) => entered_at));
    const told = (grains: readonly Grain[], tell: (of: Case, period: Period) => Told[]) =>
      grains
        .flatMap((grain) => periodsFrom(first, grain, world.run))
        .flatMap((period) => tell(of, period).map((one) => rowOf(one, lifecycle.lifecycle, period)));
    return [
      ...told(everyGrain, stockAndMoves),
      ...told(['week', 'month'], lapsesAndReturns),
      ...told(cohortGrains, cohorts),
    ];
  });
  return [...ofLifecycles, ...channelSwitches(world)];
}

/** Touchpoints by the stage of their customer, and what became of the intervals that they fell into. */
export function touchpointRowsOf(world: KpiWorld): TouchpointRow[] {
  const seenBy = groupBy(world.seen, ({ customer_id }) => customer_id);
  return world.lifecycles.flatMap((lifecycle) => {
    const of = caseOf(world, lifecycle);
    const touched = of.stays.flatMap((stay) =>
      (seenBy.get(stay.membership.customer_id) ?? [])
        .filter(({ occurred_at }) => covers(stay.membership, occurred_at))
        .flatMap(({ event, channel }) => [
          { stay, dimension: 'event' as const, value: event },
          { stay, dimension: 'channel' as const, value: channel ?? 'unknown' },
        ]),
    );
    const groups = groupBy(touched, ({ stay, dimension, value }) =>
      JSON.stringify([stay.membership.stage_id, dimension, value]),
    );
    return [...groups.values()].map((group) => touchpointRow(of, group));
  });
}

function covers({ entered_at, left_at }: Membership, instant: number): boolean {
  return entered_at <= instant && (left_at === null || instant < left_at);
}

type Touched = { readonly stay: Stay; readonly dimension: 'channel' | 'event'; readonly value: string };

function touchpointRow({ lifecycle, stages }: Case, group: readonly Touched[]): TouchpointRow {
  const [one] = group;
  if (one === undefined) throw new Error('a group of touchpoints without one');
  const stays = [...new Set(group.map(({ stay }) => stay))];
  const mature = stays.filter(({ isMature }) => isMature);
  const moved = mature.filter(({ advancedAfter }) => advancedAfter !== null).length;
  const stage_id = one.stay.membership.stage_id;
  return {
    lifecycle_id: lifecycle.lifecycle,
    stage_id,
    dimension: one.dimension,
    value: one.value,
    count_touchpoints: group.length,
    count_stays: stays.length,
    count_mature_stays: mature.length,
    count_moved_on: moved,
    moved_on_rate: stage_id === stages.at(-1) || mature.length === 0 ? null : moved / mature.length,
  };
}
