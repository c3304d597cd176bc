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
        customer_id,
        event,
        channel,
        rule_key,
        occurred_at
    from int_touchpoints_matched
    where matcher = 'self'

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

customer_keys as (

    select
        customer_id,
        customer_key
    from int_customer_keys

),

beginnings as (

    select
        customer_keys.customer_id,
        spans.lifecycle_number,
        spans.customer_key,
        spans.stage_rank,
        spans.previous_rank,
        spans.entered_at
    from spans
    inner join customer_keys
        on spans.customer_key = customer_keys.customer_key

),

found as (

    -- whatever a rule took at the instant of a change
    select
        matched.touchpoint_id,
        rules.rule_id,
        matched.event,
        matched.channel,
        rules.rule_kind,
        beginnings.lifecycle_number,
        beginnings.customer_key,
        beginnings.stage_rank,
        beginnings.previous_rank,
        rules.stage_rank as rule_rank,
        rules.rule_key,
        rules.rule_number,
        rules.is_simple,
        beginnings.entered_at
    from matched
    inner join rules
        on matched.rule_key = rules.rule_key
    inner join beginnings
        on matched.customer_id = beginnings.customer_id
        and matched.occurred_at = beginnings.entered_at
        and rules.lifecycle_number = beginnings.lifecycle_number

),

candidates as (

    -- a rule of the stage entered; where none fired, what ended the stage left
    select
        found.touchpoint_id,
        found.rule_id,
        found.event,
        found.channel,
        found.lifecycle_number,
        found.customer_key,
        found.rule_number,
        case when found.rule_kind = 'enter' then 1 else 2 end as precedence,
        found.entered_at
    from found
    left join firings
        on found.rule_key = firings.rule_key
        and found.customer_key = firings.customer_key
        and found.entered_at = firings.occurred_at
    where (
            found.rule_kind = 'enter'
            and found.rule_rank = found.stage_rank
            and (found.is_simple or firings.rule_key is not null)
        )
        or (found.rule_kind = 'leave' and found.rule_rank = found.previous_rank)

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
