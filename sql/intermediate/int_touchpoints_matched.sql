-- One row per matcher and touchpoint that it takes by event, channel and conditions.
with

touchpoints as (

    select
        touchpoint_id,
        customer_id,
        event,
        channel,
        occurred_at
    from int_touchpoints_seen

),

tested as (

    select
        touchpoint_id,
        customer_id,
        event,
        channel,
        matcher,
        rule_key,
        occurred_at
    from int_touchpoints_tested

),

matchers as (

    select
        matcher,
        event,
        channel,
        rule_key
    from int_stage_rule_matchers
    where not is_tested

),

final as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.event,
        touchpoints.channel,
        matchers.matcher,
        matchers.rule_key,
        touchpoints.occurred_at
    from touchpoints
    inner join matchers
        on touchpoints.event = matchers.event
    where matchers.channel is null
        or touchpoints.channel = matchers.channel
    union all
    select
        touchpoint_id,
        customer_id,
        event,
        channel,
        matcher,
        rule_key,
        occurred_at
    from tested

)

select * from final
