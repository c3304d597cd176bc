import { z } from 'zod';

/** A stage's rank is a bit of a mask in the models. */
export const MOST_STAGES = 30;
/** Window of a target, and of drop-off figures where a stage has no target. */
export const DEFAULT_WITHIN_DAYS = 30;
/** Ids that stages may not have: the state without a hold, and the state before the first signal. */
export const reservedStageIds = ['lapsed', 'outside'] as const;

export const sectors = ['ecommerce', 'saas', 'b2b', 'finance', 'general'] as const;
export type Sector = (typeof sectors)[number];

const Text = z.strictObject({ tr: z.string().min(1), en: z.string().min(1) });
export type LabelPair = z.infer<typeof Text>;

const Id = z.string().regex(/^[a-z][a-z0-9_]*$/, {
  error: (issue) => `"${String(issue.input)}" is no id in snake_case, such as repeat_buyer`,
});

const wholeError = { error: 'say a whole number of at least 1' };
/** Tables keep whole numbers in 32 bits. */
const AtLeastOne = z.number(wholeError).int(wholeError).min(1, wholeError).max(2_147_483_647, {
  error: 'is larger than can be kept',
});
/** A longer hold or window is meant to have no end, and its instants would leave the calendar. */
const Days = AtLeastOne.max(36_500, { error: 'say at most 36500 days (100 years); left out, it has no end' });

const rateError = { error: 'say a rate from 0 to 1, such as 0.3' };
const Rate = z.number(rateError).min(0, rateError).max(1, rateError);

/** A single entry may stand for a list of one. */
const oneOrList = <T extends z.ZodType>(entry: T, emptyText: string) =>
  z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(entry).min(1, { error: emptyText }),
  );

const nameError = { error: 'say a name, without blanks around it' };
const Name = z.string(nameError).regex(/^\S(.*\S)?$/, nameError);

const Value = z.union([z.string(), z.number(), z.boolean()], {
  error: 'say a text, a number, true or false',
});
export type ConditionValue = z.infer<typeof Value>;

const numberError = { error: 'gte and lte compare numbers: say one, without quotation marks' };

/** One property and what must hold of it: every operator that it names. */
const Condition = z.strictObject({
  property: z.string().regex(/^[a-z0-9_]+$/, {
    error: (issue) => `"${String(issue.input)}" is no property: lower-case letters, digits and _`,
  }),
  eq: Value.optional(),
  ne: Value.optional(),
  in: z
    .array(Value, { error: 'say a list of values' })
    .min(1, { error: 'an empty list matches nothing' })
    .optional(),
  gte: z.number(numberError).optional(),
  lte: z.number(numberError).optional(),
  exists: z.boolean({ error: 'say true or false' }).optional(),
});
export type Condition = z.infer<typeof Condition>;
export const operators = ['eq', 'ne', 'in', 'gte', 'lte', 'exists'] as const;
export type Operator = (typeof operators)[number];

const matcherKeys = {
  event: oneOrList(Name, 'an empty list matches no event'),
  channel: oneOrList(Name, 'an empty list matches no channel; leave it out for every channel').optional(),
  where: oneOrList(Condition, 'an empty list says nothing; leave it out').optional(),
};

/** Which touchpoints are meant: by event, channel and properties. */
const Matcher = z.strictObject(matcherKeys);
export type Matcher = z.infer<typeof Matcher>;

const EnterRule = z.strictObject({
  ...matcherKeys,
  at_least: AtLeastOne.default(1),
  count: z.enum(['touchpoints', 'days'], { error: 'say touchpoints or days' }).default('touchpoints'),
  within_days: Days.optional(),
  after: Matcher.optional(),
});
export type EnterRule = z.infer<typeof EnterRule>;

export const StageTarget = z.strictObject({
  advance_rate: Rate,
  within_days: Days.default(DEFAULT_WITHIN_DAYS),
});
export type StageTarget = z.infer<typeof StageTarget>;

/** A published figure, never without who published it and when. */
const Benchmark = z.strictObject(
  {
    value: Rate,
    source: z.string({ error: 'say who published the figure' }).min(1),
    year: z.number({ error: 'say the year of the figure' }).int().min(1990).max(2100),
    region: z.string().optional(),
    statistic: z.string().optional(),
    verified: z.enum(['publisher', 'secondary']).optional(),
    comparable: z.enum(['yes', 'partly', 'no']).optional(),
    note: z.string().optional(),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'say none, or value, source and year' : undefined) },
);

const names = z.array(Name).default([]);

const Stage = z.strictObject({
  id: Id,
  label: Text,
  category: Name,
  phase: Name,
  parent: Id.optional(),
  role: z.strictObject({ responsible: Name, supporting: names }).optional(),
  question: Text.optional(),
  customer_goal: Text.optional(),
  channels: names,
  marketing_channels: names,
  strategies: z.array(Text).default([]),
  enter: oneOrList(EnterRule, 'a stage without a rule is never entered'),
  leave: oneOrList(Matcher, 'an empty list says nothing; leave it out').optional(),
  hold_days: Days.optional(),
  kpis: names,
  target: StageTarget.nullable().default(null),
  benchmark: z.preprocess((value) => (value === 'none' ? null : value), Benchmark.nullable()).default(null),
});
export type Stage = z.infer<typeof Stage>;

/** What `sql/lifecycles/ID.yml` and a project's own lifecycle may say. docs/lifecycles.md describes each key. */
export const LifecycleTemplate = z.strictObject({
  lifecycle: Id,
  version: AtLeastOne.default(1),
  label: Text,
  sector: z.enum(sectors).nullable().default(null),
  policy: z.enum(['furthest', 'latest'], { error: 'say furthest or latest' }).default('furthest'),
  stages: z
    .array(Stage, { error: 'say a list of stages in rank order' })
    .min(1, { error: 'a lifecycle has at least one stage' })
    .max(MOST_STAGES, { error: `a lifecycle has at most ${MOST_STAGES} stages` }),
});
export type LifecycleTemplate = z.infer<typeof LifecycleTemplate>;
export type Policy = LifecycleTemplate['policy'];

/** A template that was read and checked, as a run uses it. */
export interface Lifecycle {
  readonly template: LifecycleTemplate;
  /** Path for messages. */
  readonly file: string;
  readonly origin: 'built-in' | 'project';
  /** Labels of the stages that `parent` names, by id. */
  readonly parentLabels: Readonly<Record<string, LabelPair>>;
  /** Stages whose target the project says: in its own file, or in `stage_targets` of dongu.yaml. */
  readonly ownTargets: readonly string[];
}
