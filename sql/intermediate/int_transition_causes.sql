-- One row per interval in a stage that begins at a touchpoint, with the rule and touchpoint that began it.
with

spans as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        previous_rank,
        entered_at
    from int_stage_spans

),

matched as (

    select
        touchpoint_id,
        matcher,
        event,
        channel,
        rule_key,
        customer_key,
        occurred_at
    from int_touchpoints_matched

),

firings as (

    select
        rule_key,
        customer_key,
        occurred_at
    from int_rule_firings

),

rules as (

    select
        rule_id,
        rule_kind,
        rule_key,
        lifecycle_number,
        stage_rank,
        rule_number,
        is_simple
    from int_stage_rules_numbered

),

own as (

    select
        matched.touchpoint_id,
        rules.rule_id,
        matched.event,
        matched.channel,
        rules.rule_kind,
        rules.lifecycle_number,
        matched.customer_key,
        rules.stage_rank,
        rules.rule_number,
        rules.rule_key,
        rules.is_simple,
        matched.occurred_at
    from matched
    inner join rules
        on matched.rule_key = rules.rule_key
    where matched.matcher = 'self'

),

entries as (

    select
        own.touchpoint_id,
        own.rule_id,
        own.event,
        own.channel,
        spans.lifecycle_number,
        spans.customer_key,
        own.rule_number,
        1 as precedence,
        spans.entered_at
    from own
    inner join spans
        on own.customer_key = spans.customer_key
        and own.occurred_at = spans.entered_at
        and own.lifecycle_number = spans.lifecycle_number
        and own.stage_rank = spans.stage_rank
    left join firings
        on own.rule_key = firings.rule_key
        and own.customer_key = firings.customer_key
        and own.occurred_at = firings.occurred_at
    where own.rule_kind = 'enter'
        and (own.is_simple or firings.rule_key is not null)

),

exits as (

    -- where nothing entered the new stage at that instant, what ended the old one
    select
        own.touchpoint_id,
        own.rule_id,
        own.event,
        own.channel,
        spans.lifecycle_number,
        spans.customer_key,
        own.rule_number,
        2 as precedence,
        spans.entered_at
    from own
    inner join spans
        on own.customer_key = spans.customer_key
        and own.occurred_at = spans.entered_at
        and own.lifecycle_number = spans.lifecycle_number
        and own.stage_rank = spans.previous_rank
    where own.rule_kind = 'leave'

),

candidates as (

    select * from entries
    union all
    select * from exits

),

ranked as (

    select
        *,
        row_number() over (
            partition by lifecycle_number, customer_key, entered_at
            order by precedence asc, touchpoint_id asc, rule_number asc
        ) as candidate_number
    from candidates

),

final as (

    select
        touchpoint_id,
        rule_id,
        event,
        channel,
        lifecycle_number,
        customer_key,
        entered_at
    from ranked
    where candidate_number = 1

)

select * from final
