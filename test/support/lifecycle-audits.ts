import { type Check, checksOf } from '../../functions/core/model-checks.ts';
import type { Model } from '../../functions/core/model-definition.ts';

/** The checks of the models that were built, but for those that read what was not. */
export function checksOfBuilt(models: readonly Model[], built: readonly string[]): readonly Check[] {
  return models
    .filter(({ name }) => built.includes(name))
    .flatMap(checksOf)
    .filter(({ sql }) => !sql.includes('stg_touchpoints'));
}

/** One wrong thing in a relation that was built, and the check that has to speak of it. */
export type Plant = {
  readonly model: string;
  readonly check: string;
  readonly what: string;
  readonly relation: string;
  readonly select: string;
};

type Wrong = readonly [what: string, relation: string, select: string];

/** The relation with another value in a column, in the rows of a condition. */
const changed = (relation: string, column: string, value: string, rows: string) =>
  `select * replace (case when ${rows} then ${value} else ${column} end as ${column}) from ${relation}`;

const without = (relation: string, rows: string) => `select * from ${relation} where not (${rows})`;

const twice = (relation: string, rows: string) =>
  `select * from ${relation} union all select * from ${relation} where ${rows}`;

function plantsOf(model: string, byCheck: Readonly<Record<string, readonly Wrong[]>>): readonly Plant[] {
  return Object.entries(byCheck).flatMap(([check, wrongs]) =>
    wrongs.map(([what, relation, select]) => ({ model, check, what, relation, select })),
  );
}

const inShop = "lifecycle_id = 'shop'";
const ofD = `${inShop} and customer_id = 'd'`;

const ofSpans = plantsOf('int_stage_spans', {
  'no gap, no overlap, neighbours differ, and only the last is open': (
    [
      ['a gap', 'left_at', 'left_at - interval 1 hour', 'stage_rank = 2'],
      ['an overlap', 'left_at', 'left_at + interval 1 hour', 'stage_rank = 2'],
      ['a later beginning', 'entered_at', 'entered_at + interval 1 minute', 'previous_rank = 2'],
      ['neighbours alike', 'stage_rank', 'previous_rank', 'previous_rank = 2'],
      ['another stage before', 'previous_rank', '3', 'previous_rank = 2'],
      ['a last one that ended', 'left_at', 'entered_at + interval 1 hour', 'left_at is null'],
      ['an open one in between', 'left_at', 'null', 'stage_rank = 2'],
      ['an end before the beginning', 'entered_at', 'left_at', 'stage_rank = 2'],
    ] as const
  ).map(([what, column, value, rows]) => [
    what,
    'int_stage_spans',
    changed('int_stage_spans', column, value, rows),
  ]),
  'none begins or ends at the as-of instant or after it': [
    [
      'a beginning there',
      'int_stage_spans',
      changed('int_stage_spans', 'entered_at', "timestamp '2024-12-31 00:00:00'", 'left_at is null'),
    ],
    [
      'an end there',
      'int_stage_spans',
      changed('int_stage_spans', 'left_at', "timestamp '2024-12-31 00:00:00'", 'left_at is null'),
    ],
  ],
});

const ofMemberships = plantsOf('stage_memberships', {
  'every interval is a membership, with its times': [
    ['one is missing', 'stage_memberships', without('stage_memberships', `${ofD} and stage_rank = 2`)],
    ['one is there twice', 'stage_memberships', twice('stage_memberships', `${ofD} and stage_rank = 2`)],
    [
      'a later entry',
      'stage_memberships',
      changed(
        'stage_memberships',
        'entered_at',
        'entered_at + interval 1 millisecond',
        `${ofD} and stage_rank = 2`,
      ),
    ],
    [
      'a later exit',
      'stage_memberships',
      changed(
        'stage_memberships',
        'left_at',
        'left_at + interval 1 millisecond',
        `${ofD} and stage_rank = 2`,
      ),
    ],
    [
      'another rank',
      'stage_memberships',
      changed('stage_memberships', 'stage_rank', '3', `${ofD} and stage_rank = 2`),
    ],
  ],
  'nobody is in more or less than one stage now': [
    [
      'in none',
      'stage_memberships',
      changed('stage_memberships', 'left_at', 'entered_at + interval 1 hour', `${ofD} and left_at is null`),
    ],
    [
      'in two',
      'stage_memberships',
      changed('stage_memberships', 'left_at', 'null', `${ofD} and stage_rank = 2`),
    ],
  ],
});

const ofTransitions = plantsOf('stage_transitions', {
  'every membership begins with one transition': [
    ['one is missing', 'stage_transitions', without('stage_transitions', `${ofD} and kind = 'advance'`)],
    [
      'to another stage',
      'stage_transitions',
      changed('stage_transitions', 'to_stage_id', "'retention'", `${ofD} and kind = 'advance'`),
    ],
    [
      'of another customer',
      'stage_transitions',
      changed('stage_transitions', 'customer_id', "'c'", `${ofD} and kind = 'advance'`),
    ],
  ],
  'every transition begins a membership': [
    ['one is there twice', 'stage_transitions', twice('stage_transitions', `${ofD} and kind = 'advance'`)],
  ],
  'what is left is what was entered before': [
    [
      'from another stage',
      'stage_transitions',
      changed('stage_transitions', 'from_stage_id', "'retention'", `${ofD} and kind = 'return'`),
    ],
    [
      'at another time',
      'stage_transitions',
      changed(
        'stage_transitions',
        'occurred_at',
        'occurred_at + interval 1 day',
        `${ofD} and kind = 'lapse'`,
      ),
    ],
  ],
  'kinds are what the ranks say': [
    ...(['enter', 'advance', 'skip', 'return', 'lapse', 'reactivate'] as const).map(
      (kind): Wrong => [
        `${kind} said of something else`,
        'stage_transitions',
        changed('stage_transitions', 'kind', `'${kind}'`, `kind <> '${kind}'`),
      ],
    ),
    [
      'a skip of nothing',
      'stage_transitions',
      changed('stage_transitions', 'count_skipped', 'null', "kind = 'skip'"),
    ],
    [
      'an advance that skipped',
      'stage_transitions',
      changed('stage_transitions', 'count_skipped', '1', "kind = 'advance'"),
    ],
    [
      'an unknown stage',
      'stage_transitions',
      changed('stage_transitions', 'to_stage_id', "'elsewhere'", "kind = 'advance'"),
    ],
  ],
  'who comes in or moves up has a cause, and a cause is whole': [
    ...['rule_id', 'touchpoint_id', 'event'].map(
      (column): Wrong => [
        `no ${column}`,
        'stage_transitions',
        changed('stage_transitions', column, 'null', "kind = 'advance'"),
      ],
    ),
    [
      'a channel of nothing',
      'stage_transitions',
      changed('stage_transitions', 'channel', "'web'", "rule_id is null and kind = 'lapse'"),
    ],
    [
      'no cause at all',
      'stage_transitions',
      "select * replace (null as rule_id, null as touchpoint_id, null as event, null as channel) from stage_transitions where kind = 'enter'",
    ],
  ],
  'a cause is a touchpoint of the customer at that instant, before the cut': [
    [
      'an unknown touchpoint',
      'stage_transitions',
      changed('stage_transitions', 'touchpoint_id', "'t99'", `${ofD} and kind = 'advance'`),
    ],
    [
      "another customer's",
      'touchpoints',
      changed('touchpoints', 'customer_id', "'c'", "touchpoint_id = 'd2'"),
    ],
    [
      'of another instant',
      'touchpoints',
      changed('touchpoints', 'occurred_at', 'occurred_at + interval 1 millisecond', "touchpoint_id = 'd2'"),
    ],
    ['another event', 'touchpoints', changed('touchpoints', 'event', "'app_opened'", "touchpoint_id = 'd2'")],
    ['no channel', 'touchpoints', changed('touchpoints', 'channel', 'null', "touchpoint_id = 'd2'")],
    [
      'after the cut',
      'run_parameters',
      changed('run_parameters', 'as_of_at', "timestamp '2024-06-02 10:00:00'", 'true'),
    ],
  ],
  'a cause is a rule of the stage entered, or a leave of the stage left, that admits its event and channel': [
    [
      'an unknown rule',
      'stage_transitions',
      changed('stage_transitions', 'rule_id', "'shop.acquisition.9'", `${ofD} and kind = 'advance'`),
    ],
    [
      'a rule of another lifecycle',
      'stage_transitions',
      changed('stage_transitions', 'rule_id', "'journey.bought.1'", `${ofD} and kind = 'advance'`),
    ],
    [
      'a rule of another stage',
      'stage_transitions',
      changed('stage_transitions', 'rule_id', "'shop.retention.1'", `${ofD} and kind = 'advance'`),
    ],
    [
      'a leave of another stage',
      'stage_transitions',
      changed('stage_transitions', 'from_stage_id', "'retention'", `${ofD} and kind = 'return'`),
    ],
    [
      'an event that the rule does not name',
      'stage_transitions',
      changed('stage_transitions', 'event', "'page_viewed'", `${ofD} and kind = 'advance'`),
    ],
    [
      'a channel that the rule does not admit',
      'stage_transitions',
      changed('stage_transitions', 'channel', "'store'", "lifecycle_id = 'journey' and rule_id is not null"),
    ],
  ],
});

const someDay = `${inShop} and occupancy_date = date '2024-06-05'`;

const ofOccupancy = plantsOf('stage_occupancy', {
  'stages add up to all customers entered by then': [
    [
      'one customer more',
      'stage_occupancy',
      changed(
        'stage_occupancy',
        'count_customers',
        'count_customers + 1',
        `${someDay} and stage_id = 'reach'`,
      ),
    ],
    [
      'a stage without its row',
      'stage_occupancy',
      without('stage_occupancy', `${someDay} and stage_id = 'retention'`),
    ],
    [
      'a customer who entered later',
      'int_span_days',
      changed('int_span_days', 'entered_date', "date '2024-06-02'", "entered_date = date '2024-06-01'"),
    ],
  ],
  'each day changes by entries minus exits': [
    [
      'one customer in another stage',
      'stage_occupancy',
      `select * replace (case when ${someDay} and stage_id = 'reach' then count_customers + 1
        when ${someDay} and stage_id = 'acquisition' then count_customers - 1 else count_customers end as count_customers)
        from stage_occupancy`,
    ],
    [
      'on the first day',
      'stage_occupancy',
      changed('stage_occupancy', 'count_customers', '2', "occupancy_date = date '2024-01-01'"),
    ],
  ],
  'the last day counts who is in a stage now': [
    [
      'a last day that is missing',
      'stage_occupancy',
      without('stage_occupancy', "occupancy_date = date '2024-12-30'"),
    ],
    [
      'one customer more',
      'stage_occupancy',
      changed(
        'stage_occupancy',
        'count_customers',
        'count_customers + 1',
        "occupancy_date = date '2024-12-30'",
      ),
    ],
  ],
});

const inJune = `${inShop} and grain = 'month' and period_start = date '2024-06-01'`;

const ofFlows = plantsOf('stage_flows', {
  'only rows with customers, and nobody goes outside': [
    ['a row of nobody', 'stage_flows', changed('stage_flows', 'count_customers', '0', inJune)],
    ['somebody goes outside', 'stage_flows', changed('stage_flows', 'to_stage_id', "'outside'", inJune)],
  ],
  "who is in a stage at a period's end is in its occupancy of that day": [
    [
      'one customer more',
      'stage_flows',
      changed('stage_flows', 'count_customers', 'count_customers + 1', inJune),
    ],
    ['a row is missing', 'stage_flows', without('stage_flows', `${inJune} and from_stage_id = 'outside'`)],
    ['to another stage', 'stage_flows', changed('stage_flows', 'to_stage_id', "'nurture'", inJune)],
  ],
  'who is in a stage at the end of one period comes from it in the next': [
    [
      'from another stage',
      'stage_flows',
      changed('stage_flows', 'from_stage_id', "'nurture'", `${inJune} and from_stage_id <> 'outside'`),
    ],
    [
      'a stayer who came from outside',
      'stage_flows',
      changed(
        'stage_flows',
        'from_stage_id',
        "'outside'",
        `${inShop} and grain = 'week' and from_stage_id = to_stage_id and period_start = date '2024-04-01'`,
      ),
    ],
  ],
  'who comes from outside entered the lifecycle in the period': [
    [
      'a newcomer who was there',
      'stage_flows',
      changed('stage_flows', 'from_stage_id', "'lapsed'", `${inJune} and from_stage_id = 'outside'`),
    ],
    [
      'a period without its newcomer',
      'stage_flows',
      without('stage_flows', `${inShop} and grain = 'day' and from_stage_id = 'outside'`),
    ],
  ],
});

const ofDropoffs = plantsOf('stage_dropoffs', {
  'where nothing is immature, Kaplan-Meier is the plain rate': [
    [
      'a little more',
      'stage_dropoffs',
      changed(
        'stage_dropoffs',
        'km_advance_rate',
        'km_advance_rate + 1e-8',
        `${inShop} and advance_rate is not null`,
      ),
    ],
    [
      'none',
      'stage_dropoffs',
      changed('stage_dropoffs', 'km_advance_rate', 'null', 'advance_rate is not null'),
    ],
  ],
  'entries are the memberships of ranked stages': [
    [
      'one more',
      'stage_dropoffs',
      changed(
        'stage_dropoffs',
        'count_entered',
        'count_entered + 1',
        `${inShop} and stage_id = 'acquisition'`,
      ),
    ],
    ['a stage is missing', 'stage_dropoffs', without('stage_dropoffs', "stage_id = 'acquisition'")],
  ],
  'entered is mature and immature together, and who advanced is mature': [
    [
      'one more immature',
      'stage_dropoffs',
      changed('stage_dropoffs', 'count_immature', 'count_immature + 1', `${inShop} and stage_id = 'reach'`),
    ],
    [
      'more advanced than mature',
      'stage_dropoffs',
      changed('stage_dropoffs', 'count_advanced', 'count_entered + 1', `${inShop} and stage_id = 'reach'`),
    ],
  ],
});

const ofOthers = [
  ...plantsOf('int_order_lines_folded', {
    'an order has one line that is seen, at most': [
      [
        'every line is seen',
        'int_order_lines_folded',
        'select * replace (true as is_seen) from int_order_lines_folded',
      ],
      [
        'a line that is not seen has an amount',
        'int_order_lines_folded',
        'select * replace (cast(1 as decimal(18, 2)) as order_amount) from int_order_lines_folded',
      ],
    ],
  }),
  ...plantsOf('int_local_slots', {
    'touchpoints lie within the quarter hours that have a local day': [
      [
        'a touchpoint before the calendar',
        'touchpoints',
        "select * replace (timestamp '1990-01-01 00:00:00' as occurred_at) from touchpoints",
      ],
      [
        'a touchpoint after the calendar',
        'touchpoints',
        "select * replace (timestamp '2090-01-01 00:00:00' as occurred_at) from touchpoints",
      ],
    ],
    'the calendar has no gap and no slot twice': [
      ['a gap', 'int_local_slots', without('int_local_slots', "local_date = date '2024-06-05'")],
      ['a slot twice', 'int_local_slots', twice('int_local_slots', "local_date = date '2024-06-05'")],
    ],
  }),
];

/** What is told about, though it stops nothing. */
const ofWarnings = [
  ...plantsOf('int_stage_rules_numbered', {
    'every rule has an event that was seen': [
      [
        'an event that nobody sent',
        'stage_rule_events',
        changed('stage_rule_events', 'event', "'never_sent'", "rule_id = 'shop.acquisition.1'"),
      ],
      [
        'what a rule waits for never came',
        'stage_rule_events',
        "select * from stage_rule_events union all select 'shop.acquisition.1', 'after', 'never_sent'",
      ],
      ['nothing at all was seen', 'int_events_received', 'select * from int_events_received where false'],
    ],
  }),
  ...plantsOf('stage_memberships', {
    'every lifecycle has a rule that fired': [
      ['nobody ever entered', 'int_stage_spans', without('int_stage_spans', 'lifecycle_number = 2')],
    ],
  }),
];

/** Wrong rows for every check of the lifecycle models. They fit `auditedInput`. */
export const lifecyclePlants: readonly Plant[] = [
  ...ofSpans,
  ...ofMemberships,
  ...ofTransitions,
  ...ofOccupancy,
  ...ofFlows,
  ...ofDropoffs,
  ...ofOthers,
  ...ofWarnings,
];
