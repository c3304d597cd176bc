/** A one-line fault in a lifecycle model, that somebody could make and a case must notice. */
export type Mutation = {
  readonly model: string;
  readonly from: string;
  readonly to: string;
};

type Change = readonly [from: string, to: string];

const mutationsOf = (model: string, changes: readonly Change[]): readonly Mutation[] =>
  changes.map(([from, to]) => ({ model, from, to }));

/** What rules see and match. */
const seen = [
  ...mutationsOf('int_order_lines_folded', [
    // an order is cut at the as-of instant before its lines are counted
    ['touchpoints.occurred_at < parameters.as_of_at', 'true'],
    ['touchpoints.occurred_at < parameters.as_of_at', 'touchpoints.occurred_at <= parameters.as_of_at'],
    ["where is_counted\n        and order_id <> ''", 'where is_counted'],
    [" or touchpoints.event = 'order_completed')", ')'],
    ["when touchpoints.event = 'order_completed'", 'when true'],
    ['coalesce(touchpoints.order_id, touchpoints.touchpoint_id)', 'touchpoints.order_id'],
    ["where status <> 'placed'", "where status = 'cancelled'"],
    ["where status <> 'placed'", "where status in ('cancelled', 'refunded')"],
    [
      'counted.occurred_at asc, counted.touchpoint_id asc',
      'counted.occurred_at asc, counted.touchpoint_id desc',
    ],
    ['counted.occurred_at asc, counted.touchpoint_id asc', 'counted.touchpoint_id asc'],
    [
      'counted.occurred_at asc, counted.touchpoint_id asc',
      'counted.occurred_at desc, counted.touchpoint_id asc',
    ],
    [
      'counted.occurred_at asc, counted.touchpoint_id asc',
      'counted.occurred_at asc, lower(counted.touchpoint_id) asc',
    ],
    ['cast(order_amount as decimal(18, 2)) end', 'cast(coalesce(order_amount, 0) as decimal(18, 2)) end'],
    ['sum(counted.reporting_amount) over', 'max(counted.reporting_amount) over'],
    ['on counted.customer_id = repeated.customer_id', 'on true'],
    ['and counted.event = repeated.event', ''],
  ]),
  ...mutationsOf('int_touchpoints_seen', [
    ['touchpoints.occurred_at < parameters.as_of_at', 'touchpoints.occurred_at <= parameters.as_of_at'],
    ['coalesce(order_lines.is_seen, true)', 'true'],
    ['when order_lines.is_seen then order_lines.order_amount', 'when false then order_lines.order_amount'],
  ]),
  ...mutationsOf('int_events_received', [
    ['touchpoints.occurred_at < parameters.as_of_at', 'touchpoints.occurred_at <= parameters.as_of_at'],
  ]),
  ...mutationsOf('int_stage_rules_numbered', [
    ['stage_rules.at_least = 1 and not stage_rules.has_after', 'stage_rules.at_least = 1'],
    ['stage_rules.at_least = 1 and not stage_rules.has_after', 'not stage_rules.has_after'],
    ['on stage_rules.lifecycle_id = stages_with_leave.lifecycle_id', 'on true'],
    ['on stage_rules.lifecycle_id = stages.lifecycle_id', 'on true'],
  ]),
  ...mutationsOf('int_stage_rule_matchers', [
    ['    union\n', '    union all\n'],
    ["where rule_events.event = '*'", 'where false'],
    ["where event <> '*'", 'where true'],
    ['and all_events.matcher = channels.matcher', ''],
    ['and all_events.matcher = tested.matcher', ''],
  ]),
  ...mutationsOf('int_touchpoint_values', [
    ['case when not tests.is_column then', 'case when true then'],
    ['where matchers.channel is null\n', 'where touchpoints.channel is null\n'],
    ['and matchers.matcher = tests.matcher', ''],
    ['select distinct\n        rule_tests.matcher', 'select\n        rule_tests.matcher'],
  ]),
  ...mutationsOf('int_touchpoints_tested', [
    ["or json_text = 'null' then 'missing'", "then 'missing'"],
    ["in ('{', '[') then 'nested'", "in ('{') then 'nested'"],
    ["or json_text in ('true', 'false') then 'text'", "then 'text'"],
    ['when column_text is not null', "when column_text <> ''"],
    ["given_type in ('number', 'text')", "given_type <> 'missing'"],
    ["given_type in ('number', 'text')", 'true'],
    ['coalesce(given_number >= value_number', 'coalesce(given_number > value_number'],
    ['coalesce(given_number <= value_number', 'coalesce(given_number < value_number'],
    ['coalesce(given_number >= value_number', 'coalesce(json_text >= cast(value_number as varchar)'],
    ['huge_number >= cast(value_number as double), false)', 'false)'],
    ['huge_number <= cast(value_number as double), false)', 'false)'],
    ["(given_type <> 'missing') = (value_text = 'true')", "given_type <> 'missing'"],
    ["when strpos(lower(json_text), 'e') > 0 then false", ''],
    ["length(json_text) - strpos(json_text, '.') <= 6", 'true'],
    [
      "when given_type = 'number' then try_cast(json_text as decimal(38, 10))",
      "when given_type = 'number' then cast(try_cast(json_text as decimal(18, 6)) as decimal(38, 10))",
    ],
    [
      'when is_short',
      "when given_type = 'number' then cast(try_cast(json_text as double) as decimal(38, 10)) when is_short",
    ],
    ['count(distinct rule_tests.test_number) as count_tests', 'count(*) as count_tests'],
    ['having count(*) = min(count_tests)', ''],
    ['and judged.matcher = tests_counted.matcher', ''],
  ]),
  ...mutationsOf('int_touchpoints_matched', [
    ['where matchers.channel is null\n', 'where touchpoints.channel is null or matchers.channel is null\n'],
    ['where not is_tested', ''],
  ]),
];

/** When rules fire. */
const fired = [
  ...mutationsOf('int_rule_firings', [
    // the edge of a window
    ['        < cast(rules.within_days as bigint)', '        <= cast(rules.within_days as bigint)'],
    ['        < cast(rules.within_days as bigint)', '        + 1000 < cast(rules.within_days as bigint)'],
    ['rules.within_days is null\n', 'true\n'],
    ['lag(occurred_at, at_least - 1)', 'lag(occurred_at, at_least)'],
    ['lag(last_at, at_least - 1)', 'lag(last_at, at_least)'],
    ['max(nth_at) as nth_at', 'min(nth_at) as nth_at'],
    ['max(occurred_at) as last_at', 'min(occurred_at) as last_at'],
    ['order by local_date asc', 'order by last_at desc'],
    ["where count_by = 'touchpoints'", 'where true'],
    ['min(matched.occurred_at) as opened_at', 'max(matched.occurred_at) as opened_at'],
    ['opened.opened_at <= looked_back.occurred_at', 'opened.opened_at < looked_back.occurred_at'],
    ['(not rules.has_after or opened.opened_at <= looked_back.occurred_at)', 'true'],
    ['and looked_back.customer_key = opened.customer_key', ''],
    ['where not matched.is_after', 'where true'],
    ['        and not is_simple', ''],
    ['where looked_back.nth_at is not null', 'where true'],
  ]),
  ...mutationsOf('int_stage_signals', [
    ["and rules.rule_kind = 'enter'", ''],
    ['        and rules.is_simple', ''],
  ]),
  ...mutationsOf('int_signals_until_leave', [
    ['order by occurred_at asc, is_signal asc', 'order by occurred_at asc, is_signal desc'],
    ['min(case when is_signal = 0', 'max(case when is_signal = 0'],
    [
      'rows between current row and unbounded following',
      'rows between unbounded preceding and unbounded following',
    ],
    ["where rule_kind = 'leave'", 'where true'],
    ['where has_leave', 'where true'],
    [
      'partition by lifecycle_number, customer_key, stage_rank',
      'partition by lifecycle_number, customer_key',
    ],
    ['partition by lifecycle_number, customer_key, stage_rank', 'partition by customer_key, stage_rank'],
  ]),
];

/** What holds, and which stage that is. */
const held = [
  ...mutationsOf('int_stage_holds', [
    ['max(occurred_at) as last_signal_at', 'min(occurred_at) as last_signal_at'],
    ['and not has_leave', ''],
    ["where policy = 'furthest'\n        and not has_leave", 'where not has_leave'],
    ["from int_signals_until_leave\n    where policy = 'furthest'", 'from int_signals_until_leave'],
    ['/ nullif(hold_days, 0), 0', '/ nullif(hold_days * 2, 0), 0'],
    ['when hold_days is null then next_leave_at', ''],
    ['when next_leave_at < cast', 'when next_leave_at > cast'],
  ]),
  ...mutationsOf('int_stages_furthest', [
    ['or previous_ends_at < starts_at', 'or previous_ends_at <= starts_at'],
    ['neighbours.next_starts_at > neighbours.ends_at', 'neighbours.next_starts_at >= neighbours.ends_at'],
    ['neighbours.ends_at < parameters.as_of_at', 'neighbours.ends_at <= parameters.as_of_at'],
    ['neighbours.ends_at < parameters.as_of_at', 'true'],
    ['cast(mask as double) + 0.5', 'cast(mask as double) - 0.5'],
    [
      '        -cast(power(2, neighbours.stage_rank - 1) as bigint)',
      '        -cast(power(2, neighbours.stage_rank) as bigint)',
    ],
    ['when mask = 0 then 0', 'when mask = 0 then 1'],
    ['        cast(sum(change) as bigint) as change', '        cast(max(change) as bigint) as change'],
  ]),
  ...mutationsOf('int_stages_latest', [
    ['order by stage_rank desc', 'order by stage_rank asc'],
    ['order by stage_rank desc', 'order by ends_at desc'],
    ['    where signal_number = 1', ''],
    ['followed.next_at > followed.ends_at', 'followed.next_at >= followed.ends_at'],
    ['followed.ends_at < parameters.as_of_at', 'followed.ends_at <= parameters.as_of_at'],
    ['and not has_leave', ''],
    ["where policy = 'latest'\n        and not has_leave", 'where not has_leave'],
    ['when next_leave_at < cast', 'when next_leave_at > cast'],
    ['when hold_days is null then next_leave_at', ''],
  ]),
  ...mutationsOf('int_stage_spans', [
    ['or previous_rank <> stage_rank', 'or previous_rank < stage_rank'],
    ['    where previous_rank is null\n        or previous_rank <> stage_rank', ''],
    ['where previous_rank is null\n        or', 'where'],
    ['    select * from stages_latest', '    select * from stages_latest where false'],
  ]),
  ...mutationsOf('int_span_days', [
    ['to_unixtime(spans.left_at) / 900', '(to_unixtime(spans.left_at) - 0.001) / 900'],
    ['left join local_slots as exit_slots', 'inner join local_slots as exit_slots'],
  ]),
];

/** What is counted of it. */
const counted = [
  ...mutationsOf('int_transition_causes', [
    [
      'order by precedence asc, touchpoint_id asc, rule_number asc',
      'order by touchpoint_id asc, rule_number asc',
    ],
    [
      'order by precedence asc, touchpoint_id asc, rule_number asc',
      'order by precedence asc, touchpoint_id desc, rule_number asc',
    ],
    [
      'order by precedence asc, touchpoint_id asc, rule_number asc',
      'order by precedence asc, rule_number asc, touchpoint_id asc',
    ],
    [
      'order by precedence asc, touchpoint_id asc, rule_number asc',
      'order by precedence asc, touchpoint_id asc, rule_id asc',
    ],
    [
      'order by precedence asc, touchpoint_id asc, rule_number asc',
      'order by precedence asc, lower(touchpoint_id) asc, rule_number asc',
    ],
    ["where matcher = 'self'", ''],
    ['and (found.is_simple or firings.rule_key is not null)', ''],
    ['and found.entered_at = firings.occurred_at', ''],
    ['and found.rule_rank = found.stage_rank', ''],
    ["(found.rule_kind = 'leave' and found.rule_rank = found.previous_rank)", "found.rule_kind = 'leave'"],
    ['and rules.lifecycle_number = beginnings.lifecycle_number', ''],
    ['on matched.customer_id = beginnings.customer_id', 'on true'],
    ['and found.customer_key = firings.customer_key', ''],
  ]),
  ...mutationsOf('stage_transitions', [
    ["when spans.previous_rank = 0 then 'reactivate'", ''],
    ['stage_rank = spans.previous_rank + 1', 'stage_rank >= spans.previous_rank + 1'],
    ['when spans.previous_rank > 0 and spans', 'when spans'],
    ['then spans.stage_rank - spans.previous_rank - 1', 'then spans.stage_rank - spans.previous_rank'],
    ['on spans.lifecycle_number = causes.lifecycle_number', 'on true'],
    ['and spans.customer_key = causes.customer_key', ''],
    ['left join causes', 'inner join causes'],
  ]),
  ...mutationsOf('stage_memberships', [
    ['and spans.stage_rank = stages.stage_rank', ''],
    ['on lifecycles.lifecycle_id = stages.lifecycle_id', 'on true'],
  ]),
  ...mutationsOf('stage_occupancy', [
    ['first_days.first_date <= days.occupancy_date', 'first_days.first_date < days.occupancy_date'],
    ["where grain = 'day'", ''],
    ['        -count(*) as change', '        count(*) as change'],
    ['where left_date is not null', 'where left_date > entered_date'],
    ['coalesce(changes_by_day.change, 0)', 'changes_by_day.change'],
    ['partition by spine.lifecycle_id, spine.stage_id', 'partition by spine.stage_id'],
  ]),
  ...mutationsOf('int_flow_moves', [
    [
      'coalesce(exits.week_index, last_indexes.week_index + 1)',
      'coalesce(exits.week_index, last_indexes.week_index)',
    ],
    ['max(case when week_from < week_until then entry_code end)', 'max(entry_code)'],
    ['where day_from < day_until', 'where day_from <= day_until'],
    ['where month_from < month_until', 'where true'],
    ['* 32\n        + span_days.stage_rank', '* 32'],
    ['cast(previous_day_code % 32 as integer)', 'cast(previous_day_code % 16 as integer) + 1'],
  ]),
  ...mutationsOf('stage_flows', [
    ['first_index + 1 as period_index', 'first_index as period_index'],
    ['until_index as period_index,\n        -sum', 'until_index + 1 as period_index,\n        -sum'],
    ['    where count_customers > 0', ''],
    ["coalesce(stages_left.stage_id, 'outside')", 'stages_left.stage_id'],
    [
      'cast(sum(count_customers) as bigint) as count_customers',
      'cast(max(count_customers) as bigint) as count_customers',
    ],
  ]),
  ...mutationsOf('int_span_advances', [
    [
      'when followed.next_rank > followed.stage_rank then followed.left_at else',
      'when true then followed.left_at else',
    ],
    ['where spans.stage_rank > asked_ranks.stage_rank', 'where spans.stage_rank >= asked_ranks.stage_rank'],
    ['min(answered_at) over', 'max(answered_at) over'],
    ['        and next_rank < stage_rank', '        and next_rank > 0'],
    ['    where followed.stage_rank > 0', ''],
  ]),
  ...mutationsOf('int_stay_durations', [
    [
      'observed_milliseconds >= window_milliseconds as is_mature',
      'observed_milliseconds > window_milliseconds as is_mature',
    ],
    [
      'coalesce(advance_milliseconds <= window_milliseconds, false)',
      'coalesce(advance_milliseconds < window_milliseconds, false)',
    ],
    [
      'case when advance_milliseconds <= window_milliseconds then advance_milliseconds end',
      'advance_milliseconds',
    ],
    ["date_trunc('month', span_days.entered_date)", "date_trunc('month', spans.entered_at)"],
    ['coalesce(spans.left_at, parameters.as_of_at)', 'spans.left_at'],
    ['and spans.entered_at = span_days.entered_at', ''],
    ['and spans.stage_rank = windows.stage_rank', ''],
  ]),
  ...mutationsOf('int_advance_survival', [
    ['order by duration desc', 'order by duration asc'],
    ['window_milliseconds + 1', 'window_milliseconds - 1'],
    ['when is_advanced then advance_milliseconds', 'when is_advanced then observed_milliseconds'],
    [
      'when max(case when count_events = count_at_risk then 1 else 0 end) = 1 then cast(1 as double)',
      'when false then cast(1 as double)',
    ],
    [
      'rows between unbounded preceding and current row',
      'rows between unbounded preceding and unbounded following',
    ],
  ]),
  ...mutationsOf('int_stay_survival', [
    ['order by stay_milliseconds desc', 'order by stay_milliseconds asc'],
    ['abs(survival - 0.5) <= 1e-9', 'abs(survival - 0.5) < 0'],
    ['survival < 0.5 - 1e-9', 'survival <= 0.5 + 1e-9'],
    ['when below_milliseconds is null then cast(half_milliseconds as double)', ''],
    ['count(case when is_left then 1 end)', 'count(*)'],
    [
      'case when count_events = count_at_risk then cast(0 as double) else exp(log_survival) end',
      'exp(log_survival)',
    ],
  ]),
  ...mutationsOf('stage_dropoffs', [
    ['count(case when is_mature and is_advanced then 1 end)', 'count(case when is_advanced then 1 end)'],
    ['    where is_mature\n        and is_advanced', '    where is_advanced'],
    ['(count_durations + 2) / 2', '(count_durations + 1) / 2'],
    ['(count_durations + 1) / 2, ', ''],
    ['when stages.stage_rank < top_ranks.top_rank\n', 'when true\n'],
    ['case when stages.stage_rank < top_ranks.top_rank then advance', 'case when true then advance'],
    ['cast(rated.count_mature as double)', 'cast(rated.count_entered as double)'],
    ['when rated.target_rate <= rated.advance_rate then cast(0 as double)', ''],
    ['left join medians', 'inner join medians'],
    ['left join stay_survival', 'inner join stay_survival'],
    ['and rated.entry_month = medians.entry_month', ''],
  ]),
];

export const lifecycleMutations: readonly Mutation[] = [...seen, ...fired, ...held, ...counted];
