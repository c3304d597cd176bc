import { lapsedLabel } from '../lifecycle-tables.ts';
import type { LifecycleTemplate } from '../lifecycle-template.ts';
import { firingOf, latestFiring, type RuleFacts } from './evidence.ts';
import type {
  CurrentStage,
  ExplainedMembership,
  Firing,
  LifecycleExplanation,
  StageName,
  TransitionKind,
  WayUp,
} from './explanation.ts';
import { missingFor } from './missing.ts';

/** A membership with its transition, as the marts have them; instants in ISO. */
export interface FoundMembership {
  readonly stage_rank: number;
  readonly entered_at: string;
  readonly left_at: string | null;
  readonly kind: TransitionKind;
  readonly from_stage_id: string | null;
  readonly count_skipped: number | null;
  readonly rule_id: string | null;
  readonly touchpoint_id: string | null;
}

/** What the models found of one customer and lifecycle, with all that comes after `at` if nothing more happens. */
export interface LifecycleFacts {
  readonly template: LifecycleTemplate;
  readonly rules: readonly RuleFacts[];
  /** In time order. */
  readonly memberships: readonly FoundMembership[];
  readonly at: Date;
  readonly localDay: (instant: Date) => string;
  readonly matchesPublished: boolean;
}

export function explainLifecycle(facts: LifecycleFacts): LifecycleExplanation {
  const { template, rules } = facts;
  const at = facts.at.toISOString();
  const past = facts.memberships.filter(({ entered_at }) => entered_at <= at);
  const current = past.at(-1);
  const waysUp = waysUpFrom(facts, current?.stage_rank ?? 0);
  const explained = {
    current: current ? currentStage(facts, current) : null,
    memberships: past.map((membership) => explainMembership(facts, membership, membership === current)),
    ways_up: waysUp,
  };
  const named = namedRules(explained);
  return {
    lifecycle_id: template.lifecycle,
    label: template.label,
    policy: template.policy,
    matches_published: facts.matchesPublished,
    count_stages: template.stages.length,
    ...explained,
    rules: Object.fromEntries(
      rules.filter(({ ruleId }) => named.has(ruleId)).map(({ ruleId, rule }) => [ruleId, rule]),
    ),
  };
}

function stageName({ stages }: LifecycleTemplate, rank: number): StageName {
  const stage = stages[rank - 1];
  return stage
    ? { stage_id: stage.id, stage_rank: rank, label: stage.label }
    : { stage_id: 'lapsed', stage_rank: 0, label: lapsedLabel };
}

function currentStage(facts: LifecycleFacts, current: FoundMembership): CurrentStage {
  const ofStage = facts.rules.filter(({ stageRank }) => stageRank === current.stage_rank);
  const later = facts.memberships.filter(({ entered_at }) => entered_at > current.entered_at);
  return {
    ...stageName(facts.template, current.stage_rank),
    since: current.entered_at,
    held_by: current.stage_rank === 0 ? null : latestFiring(ofStage),
    runs_out_at: current.left_at,
    afterwards: later.map((membership) => ({
      ...stageName(facts.template, membership.stage_rank),
      from: membership.entered_at,
      until: membership.left_at,
    })),
    left_by: ofStage.filter(({ kind }) => kind === 'leave').map(({ ruleId }) => ruleId),
  };
}

function explainMembership(
  facts: LifecycleFacts,
  membership: FoundMembership,
  isCurrent: boolean,
): ExplainedMembership {
  return {
    ...stageName(facts.template, membership.stage_rank),
    entered_at: membership.entered_at,
    left_at: isCurrent ? null : membership.left_at,
    kind: membership.kind,
    from_stage_id: membership.from_stage_id,
    count_skipped: membership.count_skipped,
    cause: causeOf(facts, membership),
  };
}

function causeOf({ rules }: LifecycleFacts, { rule_id, touchpoint_id }: FoundMembership): Firing | null {
  const rule = rules.find(({ ruleId }) => ruleId === rule_id);
  return rule && touchpoint_id !== null ? firingOf(rule, touchpoint_id) : null;
}

function waysUpFrom({ template, rules, at, localDay }: LifecycleFacts, rank: number): readonly WayUp[] {
  return template.stages.slice(rank).map((_stage, index) => {
    const stage = stageName(template, rank + index + 1);
    const entering = rules.filter((rule) => rule.stageRank === stage.stage_rank && rule.kind === 'enter');
    return { ...stage, rules: entering.map((rule) => missingFor(rule, at.getTime(), localDay)) };
  });
}

function namedRules({
  current,
  memberships,
  ways_up,
}: Pick<LifecycleExplanation, 'current' | 'memberships' | 'ways_up'>): ReadonlySet<string> {
  const firings = [current?.held_by, ...memberships.map(({ cause }) => cause)];
  return new Set([
    ...firings.flatMap((firing) => (firing ? [firing.rule_id] : [])),
    ...(current?.left_by ?? []),
    ...ways_up.flatMap(({ rules }) => rules.map(({ rule_id }) => rule_id)),
  ]);
}
