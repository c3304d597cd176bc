import type { RuleFacts, Taken } from '../core/explain/evidence.ts';
import type { FoundMembership } from '../core/explain/explain-lifecycle.ts';
import type { ExplainedTouchpoint, TransitionKind } from '../core/explain/explanation.ts';
import { rulesOf } from '../core/lifecycle-tables.ts';
import type { EnterRule, Lifecycle, Matcher } from '../core/lifecycle-template.ts';
import type { Warehouse, WarehouseRow } from '../ports/warehouse.ts';
import { readInstant } from './customer-world.ts';

const textOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
const numberOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);
const isoOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : readInstant(value).toISOString();

/** Ids of the lifecycles of which the rebuilt memberships are the published ones, row for row. */
export async function sameAsPublished(
  warehouse: Warehouse,
  lifecycles: readonly Lifecycle[],
): Promise<ReadonlySet<string>> {
  const columns = 'lifecycle_id, stage_id, stage_rank, entered_at, left_at';
  const different = await warehouse.rows(`
    with published_memberships as (
      select ${columns} from published.stage_memberships as memberships
      inner join explained_customer on memberships.customer_id = explained_customer.customer_id
    )
    select lifecycle_id from (select ${columns} from stage_memberships except select * from published_memberships) as more
    union
    select lifecycle_id from (select * from published_memberships except select ${columns} from stage_memberships) as fewer`);
  const ids = new Set(different.map(({ lifecycle_id }) => String(lifecycle_id)));
  return new Set(lifecycles.map(({ template }) => template.lifecycle).filter((id) => !ids.has(id)));
}

/** By lifecycle, in time order. */
export async function membershipsFound(
  warehouse: Warehouse,
): Promise<ReadonlyMap<string, readonly FoundMembership[]>> {
  const rows = await warehouse.rows(`
    select memberships.lifecycle_id, memberships.stage_rank, memberships.entered_at, memberships.left_at,
      transitions.kind, transitions.from_stage_id, transitions.count_skipped, transitions.rule_id, transitions.touchpoint_id
    from stage_memberships as memberships
    inner join stage_transitions as transitions
      on memberships.lifecycle_id = transitions.lifecycle_id
      and memberships.entered_at = transitions.occurred_at
    order by memberships.lifecycle_id, memberships.entered_at`);
  return grouped(rows, 'lifecycle_id', (row) => ({
    stage_rank: Number(row.stage_rank),
    entered_at: readInstant(row.entered_at).toISOString(),
    left_at: isoOrNull(row.left_at),
    kind: String(row.kind) as TransitionKind,
    from_stage_id: textOrNull(row.from_stage_id),
    count_skipped: numberOrNull(row.count_skipped),
    rule_id: textOrNull(row.rule_id),
    touchpoint_id: textOrNull(row.touchpoint_id),
  }));
}

/** By lifecycle: every rule with the touchpoints that it takes and the instants at which it fires. */
export async function ruleFactsOf(
  warehouse: Warehouse,
  lifecycles: readonly Lifecycle[],
): Promise<ReadonlyMap<string, readonly RuleFacts[]>> {
  const taken = await touchpointsTaken(warehouse);
  const fired = grouped(
    await warehouse.rows(`
      select rules.rule_id, firings.occurred_at
      from int_rule_firings as firings
      inner join int_stage_rules_numbered as rules on firings.rule_key = rules.rule_key`),
    'rule_id',
    (row) => readInstant(row.occurred_at).getTime(),
  );
  return new Map(
    lifecycles.map(({ template }) => [
      template.lifecycle,
      template.stages.flatMap((stage, index) =>
        rulesOf(template.lifecycle, stage).map(({ ruleId, number, kind, rule }): RuleFacts => {
          const own = taken.get(`${ruleId} self`) ?? [];
          return {
            ruleId,
            kind,
            rule,
            stageRank: index + 1,
            ruleNumber: number,
            own,
            openers: taken.get(`${ruleId} after`) ?? [],
            firedAt: isSimple(rule) ? own.map(({ at }) => at) : (fired.get(ruleId) ?? []),
          };
        }),
      ),
    ]),
  );
}

/** Such a rule fires at every touchpoint that it takes: the models list no firings of it. */
const isSimple = (rule: Matcher | EnterRule): boolean =>
  !('at_least' in rule) || (rule.at_least === 1 && rule.after === undefined);

/** By rule and matcher, in the order of time and id. */
async function touchpointsTaken(warehouse: Warehouse): Promise<ReadonlyMap<string, readonly Taken[]>> {
  const values = await valuesMet(warehouse);
  const rows = await warehouse.rows(`
    select concat(concat(rules.rule_id, ' '), matched.matcher) as matcher_id, seen.touchpoint_id, seen.occurred_at,
      seen.event, seen.channel, touchpoints.order_id, cast(seen.amount as varchar) as amount,
      dense_rank() over (order by seen.occurred_at asc, seen.touchpoint_id asc) as position
    from int_touchpoints_matched as matched
    inner join int_stage_rules_numbered as rules on matched.rule_key = rules.rule_key
    inner join int_touchpoints_seen as seen on matched.touchpoint_id = seen.touchpoint_id
    left join touchpoints on matched.touchpoint_id = touchpoints.touchpoint_id
    order by position`);
  return grouped(rows, 'matcher_id', (row): Taken => {
    const touchpoint: ExplainedTouchpoint = {
      touchpoint_id: String(row.touchpoint_id),
      occurred_at: readInstant(row.occurred_at).toISOString(),
      event: String(row.event),
      channel: textOrNull(row.channel),
      order_id: textOrNull(row.order_id),
      amount: textOrNull(row.amount),
      values: values.get(`${row.matcher_id} ${row.touchpoint_id}`) ?? [],
    };
    return { position: Number(row.position), at: readInstant(row.occurred_at).getTime(), touchpoint };
  });
}

/** By rule, matcher and touchpoint: what the touchpoint has where the matcher asks. */
async function valuesMet(
  warehouse: Warehouse,
): Promise<ReadonlyMap<string, readonly { readonly property: string; readonly value: string }[]>> {
  const rows = await warehouse.rows(`
    select concat(concat(concat(concat(rules.rule_id, ' '), given.matcher), ' '), given.touchpoint_id) as taken_id,
      tests.property,
      min(coalesce(given.column_text, cast(cast(given.column_number as decimal(18, 2)) as varchar), json_extract_scalar(given.json_text, '$'), given.json_text)) as value
    from int_touchpoint_values as given
    inner join int_stage_rules_numbered as rules on given.rule_key = rules.rule_key
    inner join (select distinct rule_id, matcher, test_number, property from stage_rule_tests) as tests
      on rules.rule_id = tests.rule_id and given.matcher = tests.matcher and given.test_number = tests.test_number
    group by 1, 2
    order by 1, 2`);
  return grouped(
    rows.filter(({ value }) => value !== null),
    'taken_id',
    (row) => ({ property: String(row.property), value: String(row.value) }),
  );
}

function grouped<T>(
  rows: readonly WarehouseRow[],
  key: string,
  read: (row: WarehouseRow) => T,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const id = String(row[key]);
    const group = groups.get(id);
    if (group) {
      group.push(read(row));
    } else {
      groups.set(id, [read(row)]);
    }
  }
  return groups;
}
