-- One row per lifecycle, customer and instant at which the stage changes.
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

causes as (

    select
        touchpoint_id,
        rule_id,
        event,
        channel,
        lifecycle_number,
        customer_key,
        entered_at
    from int_transition_causes

),

customer_keys as (

    select
        customer_id,
        customer_key
    from int_customer_keys

),

lifecycles as (

    select
        lifecycle_id,
        position
    from lifecycles

),

stages as (

    select
        lifecycle_id,
        stage_id,
        stage_rank
    from lifecycle_stages

),

final as (

    select
        lifecycles.lifecycle_id,
        customer_keys.customer_id,
        spans.entered_at as occurred_at,
        stages_left.stage_id as from_stage_id,
        stages.stage_id as to_stage_id,
        case
            when spans.previous_rank is null then 'enter'
            when spans.previous_rank = 0 then 'reactivate'
            when spans.stage_rank = 0 then 'lapse'
            when spans.stage_rank = spans.previous_rank + 1 then 'advance'
            when spans.stage_rank > spans.previous_rank then 'skip'
            else 'return'
        end as kind,
        case
            when spans.previous_rank > 0 and spans.stage_rank > spans.previous_rank + 1
                then spans.stage_rank - spans.previous_rank - 1
        end as count_skipped,
        causes.rule_id,
        causes.touchpoint_id,
        causes.event,
        causes.channel
    from spans
    inner join customer_keys
        on spans.customer_key = customer_keys.customer_key
    inner join lifecycles
        on spans.lifecycle_number = lifecycles.position
    inner join stages
        on lifecycles.lifecycle_id = stages.lifecycle_id
        and spans.stage_rank = stages.stage_rank
    left join stages as stages_left
        on lifecycles.lifecycle_id = stages_left.lifecycle_id
        and spans.previous_rank = stages_left.stage_rank
    left join causes
        on spans.lifecycle_number = causes.lifecycle_number
        and spans.customer_key = causes.customer_key
        and spans.entered_at = causes.entered_at

)

select * from final
