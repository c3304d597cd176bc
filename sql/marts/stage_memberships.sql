-- One row per lifecycle, customer and maximal interval in one stage.
with

spans as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        entered_at,
        left_at
    from int_stage_spans

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
        stages.stage_id,
        spans.stage_rank,
        spans.entered_at,
        spans.left_at
    from spans
    inner join customer_keys
        on spans.customer_key = customer_keys.customer_key
    inner join lifecycles
        on spans.lifecycle_number = lifecycles.position
    inner join stages
        on lifecycles.lifecycle_id = stages.lifecycle_id
        and spans.stage_rank = stages.stage_rank

)

select * from final
