import {
  type Condition,
  DEFAULT_WITHIN_DAYS,
  type EnterRule,
  type Lifecycle,
  type Matcher,
  operators,
  type Stage,
} from './lifecycle-template.ts';

type Row = Readonly<Record<string, string | number | boolean | null>>;

/** The templates as rows, which is how models read them. */
export interface LifecycleTables {
  readonly lifecycles: readonly Row[];
  readonly lifecycle_stages: readonly Row[];
  readonly stage_rules: readonly Row[];
  readonly stage_rule_events: readonly Row[];
  readonly stage_rule_channels: readonly Row[];
  readonly stage_rule_tests: readonly Row[];
}

export const lapsedLabel = { tr: 'Pasif', en: 'Lapsed' } as const;

/** One rule of a stage with its id, rules and leaves alike. */
export interface NumberedRule {
  readonly ruleId: string;
  readonly number: number;
  readonly kind: 'enter' | 'leave';
  readonly rule: Matcher | EnterRule;
}

export function rulesOf(lifecycleId: string, stage: Stage): readonly NumberedRule[] {
  const enters = stage.enter.map((rule, index): NumberedRule => {
    return { ruleId: `${lifecycleId}.${stage.id}.${index + 1}`, number: index + 1, kind: 'enter', rule };
  });
  const leaves = (stage.leave ?? []).map((rule, index): NumberedRule => {
    return {
      ruleId: `${lifecycleId}.${stage.id}.leave.${index + 1}`,
      number: index + 1,
      kind: 'leave',
      rule,
    };
  });
  return [...enters, ...leaves];
}

/** Flattens lifecycles, in the order of the configuration. */
export function lifecycleTables(lifecycles: readonly Lifecycle[]): LifecycleTables {
  const ranked = lifecycles.flatMap(({ template }) =>
    template.stages.flatMap((stage, index) =>
      rulesOf(template.lifecycle, stage).map((numbered) => ({
        ...numbered,
        place: { lifecycle_id: template.lifecycle, stage_id: stage.id, stage_rank: index + 1 },
      })),
    ),
  );
  const matchers = ranked.flatMap(({ ruleId, rule }) => matchersOf(ruleId, rule));
  return {
    lifecycles: lifecycles.map(({ template }, index) => ({
      lifecycle_id: template.lifecycle,
      lifecycle_version: template.version,
      policy: template.policy,
      label_tr: template.label.tr,
      label_en: template.label.en,
      position: index + 1,
    })),
    lifecycle_stages: lifecycles.flatMap(stageRows),
    stage_rules: ranked.map(({ ruleId, number, kind, rule, place }) => ({
      rule_id: ruleId,
      ...place,
      rule_number: number,
      rule_kind: kind,
      at_least: 'at_least' in rule ? rule.at_least : 1,
      count_by: 'count' in rule ? rule.count : 'touchpoints',
      within_days: 'within_days' in rule ? (rule.within_days ?? null) : null,
      has_after: 'after' in rule && rule.after !== undefined,
    })),
    stage_rule_events: matchers.flatMap(({ ids, rule }) => rule.event.map((event) => ({ ...ids, event }))),
    stage_rule_channels: matchers.flatMap(({ ids, rule }) =>
      (rule.channel ?? []).map((channel) => ({ ...ids, channel })),
    ),
    stage_rule_tests: matchers.flatMap(({ ids, rule }) => testRows(ids, rule.where ?? [])),
  };
}

interface OwnMatcher {
  readonly ids: { readonly rule_id: string; readonly matcher: 'self' | 'after' };
  readonly rule: Matcher;
}

function matchersOf(rule_id: string, rule: Matcher | EnterRule): readonly OwnMatcher[] {
  const after = 'after' in rule ? rule.after : undefined;
  return [
    { ids: { rule_id, matcher: 'self' }, rule },
    ...(after ? [{ ids: { rule_id, matcher: 'after' as const }, rule: after }] : []),
  ];
}

/** Each operator of each condition is a test; only `in` has several rows. */
function testRows(ids: OwnMatcher['ids'], conditions: readonly Condition[]): readonly Row[] {
  const tests = conditions.flatMap((condition) =>
    operators.flatMap((operator) => {
      const value = condition[operator];
      if (value === undefined) {
        return [];
      }
      return [{ property: condition.property, operator, values: Array.isArray(value) ? value : [value] }];
    }),
  );
  return tests.flatMap(({ property, operator, values }, index) =>
    values.map((value) => ({
      ...ids,
      test_number: index + 1,
      property,
      operator,
      value_type: typeof value === 'number' ? 'number' : 'text',
      value_text: typeof value === 'number' ? null : String(value),
      value_number: typeof value === 'number' ? value : null,
    })),
  );
}

function stageRows(lifecycle: Lifecycle): readonly Row[] {
  const { template } = lifecycle;
  return [
    lapsedRow(template.lifecycle),
    ...template.stages.map((stage, index) => stageRow(lifecycle, stage, index + 1)),
  ];
}

const lapsedRow = (lifecycle_id: string): Row => ({
  lifecycle_id,
  stage_id: 'lapsed',
  stage_rank: 0,
  label_tr: lapsedLabel.tr,
  label_en: lapsedLabel.en,
  parent_stage_id: null,
  parent_label_tr: null,
  parent_label_en: null,
  category: null,
  phase: null,
  hold_days: null,
  target_rate: null,
  within_days: DEFAULT_WITHIN_DAYS,
  benchmark_rate: null,
  benchmark_source: null,
  responsible_role: null,
  supporting_roles: '[]',
  question_tr: null,
  question_en: null,
  customer_goal_tr: null,
  customer_goal_en: null,
  channels: '[]',
  marketing_channels: '[]',
  strategies_tr: '[]',
  strategies_en: '[]',
  kpis: '[]',
  target_source: null,
});

function stageRow(lifecycle: Lifecycle, stage: Stage, stage_rank: number): Row {
  return {
    lifecycle_id: lifecycle.template.lifecycle,
    stage_id: stage.id,
    stage_rank,
    label_tr: stage.label.tr,
    label_en: stage.label.en,
    ...parentCells(lifecycle, stage),
    category: stage.category,
    phase: stage.phase,
    hold_days: stage.hold_days ?? null,
    ...rateCells(lifecycle, stage),
    responsible_role: stage.role?.responsible ?? null,
    supporting_roles: JSON.stringify(stage.role?.supporting ?? []),
    question_tr: stage.question?.tr ?? null,
    question_en: stage.question?.en ?? null,
    customer_goal_tr: stage.customer_goal?.tr ?? null,
    customer_goal_en: stage.customer_goal?.en ?? null,
    channels: JSON.stringify(stage.channels),
    marketing_channels: JSON.stringify(stage.marketing_channels),
    strategies_tr: JSON.stringify(stage.strategies.map(({ tr }) => tr)),
    strategies_en: JSON.stringify(stage.strategies.map(({ en }) => en)),
    kpis: JSON.stringify(stage.kpis),
  };
}

function parentCells({ parentLabels }: Lifecycle, { parent }: Stage): Row {
  const label = parent === undefined ? undefined : parentLabels[parent];
  return {
    parent_stage_id: parent ?? null,
    parent_label_tr: label?.tr ?? null,
    parent_label_en: label?.en ?? null,
  };
}

function rateCells({ ownTargets }: Lifecycle, { id, target, benchmark }: Stage): Row {
  const isOwn = ownTargets.includes(id);
  return {
    target_rate: target?.advance_rate ?? null,
    within_days: target?.within_days ?? DEFAULT_WITHIN_DAYS,
    target_source: target ? (isOwn ? 'project' : 'default') : null,
    benchmark_rate: benchmark?.value ?? null,
    benchmark_source: benchmark ? `${benchmark.source} (${benchmark.year})` : null,
  };
}
