import {
  type Condition,
  type Lifecycle,
  listOf,
  type Matcher,
  type Scalar,
  type Stage,
} from '../oracle/lifecycle/types.ts';

export type TableRow = Readonly<Record<string, string | number | boolean | null>>;
export type TableColumns = Readonly<Record<string, string>>;

const texts = (...names: readonly string[]): TableColumns =>
  Object.fromEntries(names.map((name) => [name, 'varchar']));

/** The tables that tell models of the lifecycles, by name, with the types of their columns. */
export const lifecycleColumns = {
  lifecycles: {
    lifecycle_id: 'varchar',
    lifecycle_version: 'integer',
    policy: 'varchar',
    label_tr: 'varchar',
    label_en: 'varchar',
    position: 'integer',
  },
  lifecycle_stages: {
    ...texts('lifecycle_id', 'stage_id'),
    stage_rank: 'integer',
    ...texts(
      'label_tr',
      'label_en',
      'parent_stage_id',
      'parent_label_tr',
      'parent_label_en',
      'category',
      'phase',
    ),
    hold_days: 'integer',
    target_rate: 'double',
    within_days: 'integer',
    benchmark_rate: 'double',
    ...texts('benchmark_source', 'responsible_role', 'supporting_roles', 'question_tr', 'question_en'),
    ...texts('customer_goal_tr', 'customer_goal_en', 'channels', 'marketing_channels'),
    ...texts('strategies_tr', 'strategies_en', 'kpis'),
  },
  stage_rules: {
    ...texts('rule_id', 'lifecycle_id', 'stage_id'),
    stage_rank: 'integer',
    rule_number: 'integer',
    rule_kind: 'varchar',
    at_least: 'integer',
    count_by: 'varchar',
    within_days: 'integer',
    has_after: 'boolean',
  },
  stage_rule_events: texts('rule_id', 'matcher', 'event'),
  stage_rule_channels: texts('rule_id', 'matcher', 'channel'),
  stage_rule_tests: {
    ...texts('rule_id', 'matcher'),
    test_number: 'integer',
    ...texts('property', 'operator', 'value_type', 'value_text'),
    value_number: 'decimal(38,10)',
  },
} as const satisfies Readonly<Record<string, TableColumns>>;

export type LifecycleTables = Readonly<Record<keyof typeof lifecycleColumns, readonly TableRow[]>>;

/** The lifecycles as rows. Written apart from the program's own flattening, which it is to be held against. */
export function lifecycleTables(lifecycles: readonly Lifecycle[]): LifecycleTables {
  const rules = lifecycles.flatMap(rulesOf);
  const matchers = rules.flatMap(({ row, own, after }) => [
    { rule_id: row.rule_id, matcher: 'self', asked: own },
    ...(after === undefined ? [] : [{ rule_id: row.rule_id, matcher: 'after', asked: after }]),
  ]);
  return {
    lifecycles: lifecycles.map(({ lifecycle, policy }, index) => ({
      lifecycle_id: lifecycle,
      lifecycle_version: 1,
      policy: policy ?? 'furthest',
      label_tr: lifecycle,
      label_en: lifecycle,
      position: index + 1,
    })),
    lifecycle_stages: lifecycles.flatMap(stagesOf),
    stage_rules: rules.map(({ row }) => row),
    stage_rule_events: matchers.flatMap(({ rule_id, matcher, asked }) =>
      listOf<string>(asked.event).map((event) => ({ rule_id, matcher, event })),
    ),
    stage_rule_channels: matchers.flatMap(({ rule_id, matcher, asked }) =>
      listOf<string>(asked.channel).map((channel) => ({ rule_id, matcher, channel })),
    ),
    stage_rule_tests: matchers.flatMap(({ rule_id, matcher, asked }) =>
      listOf(asked.where)
        .flatMap(testsOf)
        .flatMap((rows, index) => rows.map((row) => ({ rule_id, matcher, test_number: index + 1, ...row }))),
    ),
  };
}

/** The phase of value of a stage: the lower half creates it. A lifecycle of one stage has one phase. */
export function phaseOf(rank: number, countStages: number): 'value_creation' | 'value_expansion' {
  return rank <= countStages / 2 ? 'value_creation' : 'value_expansion';
}

function stagesOf({ lifecycle, stages }: Lifecycle): TableRow[] {
  const described = { supporting_roles: '[]', channels: '[]', marketing_channels: '[]', kpis: '[]' };
  const strategies = { strategies_tr: '[]', strategies_en: '[]' };
  const reserved: Stage = { id: 'lapsed' };
  return [reserved, ...stages].map((stage, rank) => ({
    lifecycle_id: lifecycle,
    stage_id: stage.id,
    stage_rank: rank,
    label_tr: rank === 0 ? 'Pasif' : stage.id,
    label_en: rank === 0 ? 'Lapsed' : stage.id,
    phase: rank === 0 ? null : phaseOf(rank, stages.length),
    hold_days: stage.hold_days ?? null,
    target_rate: stage.target?.advance_rate ?? null,
    within_days: stage.target?.within_days ?? 30,
    benchmark_rate: typeof stage.benchmark === 'object' ? (stage.benchmark?.advance_rate ?? null) : null,
    ...described,
    ...strategies,
  }));
}

type RuleRow = TableRow & { readonly rule_id: string };
type Rule = { readonly row: RuleRow; readonly own: Matcher; readonly after?: Matcher | undefined };

function rulesOf({ lifecycle, stages }: Lifecycle): Rule[] {
  return stages.flatMap((stage, index) => {
    const place = { lifecycle_id: lifecycle, stage_id: stage.id, stage_rank: index + 1 };
    const entering = (stage.enter ?? []).map((rule, place_in_stage) => ({
      row: {
        rule_id: `${lifecycle}.${stage.id}.${place_in_stage + 1}`,
        ...place,
        rule_number: place_in_stage + 1,
        rule_kind: 'enter',
        at_least: rule.at_least ?? 1,
        count_by: rule.count ?? 'touchpoints',
        within_days: rule.within_days ?? null,
        has_after: rule.after !== undefined,
      },
      own: rule,
      after: rule.after,
    }));
    const leaving = (stage.leave ?? []).map((matcher, place_in_stage) => ({
      row: {
        rule_id: `${lifecycle}.${stage.id}.leave.${place_in_stage + 1}`,
        ...place,
        rule_number: place_in_stage + 1,
        rule_kind: 'leave',
        at_least: 1,
        count_by: 'touchpoints',
        within_days: null,
        has_after: false,
      },
      own: matcher,
    }));
    return [...entering, ...leaving];
  });
}

/** One test per operator, each as its rows: one per listed value. */
function testsOf({ property, ...operators }: Condition): TableRow[][] {
  return Object.entries(operators).map(([operator, operand]) =>
    listOf<Scalar>(operand as Scalar | Scalar[]).map((value) => ({
      property,
      operator,
      ...(typeof value === 'number' || typeof value === 'bigint'
        ? { value_type: 'number', value_text: null, value_number: String(value) }
        : { value_type: 'text', value_text: String(value), value_number: null }),
    })),
  );
}
