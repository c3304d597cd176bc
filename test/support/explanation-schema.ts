import { z } from 'zod';

// The contract `dongu.explain/1` as docs/explain.md tells it, written apart from the program's types.

const Instant = z.iso.datetime();
const Label = z.strictObject({ tr: z.string().min(1), en: z.string().min(1) });
const stageName = { stage_id: z.string(), stage_rank: z.number().int().min(0), label: Label };

const Touchpoint = z.strictObject({
  touchpoint_id: z.string(),
  occurred_at: Instant,
  event: z.string(),
  channel: z.string().nullable(),
  order_id: z.string().nullable(),
  amount: z
    .string()
    .regex(/^-?\d+\.\d{2}$/)
    .nullable(),
  values: z.array(z.strictObject({ property: z.string(), value: z.string() })),
});

const Firing = z.strictObject({
  rule_id: z.string(),
  kind: z.enum(['enter', 'leave']),
  at: Instant,
  touchpoint: Touchpoint,
  counted: z.array(Touchpoint).min(1),
  opened_by: Touchpoint.nullable(),
});

const CurrentStage = z.strictObject({
  ...stageName,
  since: Instant,
  held_by: Firing.nullable(),
  runs_out_at: Instant.nullable(),
  afterwards: z.array(z.strictObject({ ...stageName, from: Instant, until: Instant.nullable() })),
  left_by: z.array(z.string()),
});

const Membership = z.strictObject({
  ...stageName,
  entered_at: Instant,
  left_at: Instant.nullable(),
  kind: z.enum(['enter', 'advance', 'skip', 'return', 'lapse', 'reactivate']),
  from_stage_id: z.string().nullable(),
  count_skipped: z.number().int().min(1).nullable(),
  cause: Firing.nullable(),
});

const MissingForRule = z.strictObject({
  rule_id: z.string(),
  count_required: z.number().int().min(1),
  count_counted: z.number().int().min(0),
  count_missing: z.number().int().min(1),
  needs_other_day: z.boolean(),
  before: Instant.nullable(),
  is_opened: z.boolean().nullable(),
});

const Condition = z.looseObject({ property: z.string() });
const matcher = {
  event: z.array(z.string()).min(1),
  channel: z.array(z.string()).optional(),
  where: z.array(Condition).optional(),
};
const Rule = z.strictObject({
  ...matcher,
  at_least: z.number().int().min(1).optional(),
  count: z.enum(['touchpoints', 'days']).optional(),
  within_days: z.number().int().min(1).optional(),
  after: z.strictObject(matcher).optional(),
});

export const ExplanationSchema = z.strictObject({
  schema: z.literal('dongu.explain/1'),
  run_id: z.string().length(26),
  as_of: Instant,
  at: Instant,
  time_zone: z.string(),
  currency: z.string().length(3),
  customer_id: z.string().min(1),
  is_configuration_current: z.boolean(),
  lifecycles: z
    .array(
      z.strictObject({
        lifecycle_id: z.string(),
        label: Label,
        policy: z.enum(['furthest', 'latest']),
        matches_published: z.boolean(),
        count_stages: z.number().int().min(1),
        current: CurrentStage.nullable(),
        memberships: z.array(Membership),
        ways_up: z.array(z.strictObject({ ...stageName, rules: z.array(MissingForRule).min(1) })),
        rules: z.record(z.string(), Rule),
      }),
    )
    .min(1),
});
