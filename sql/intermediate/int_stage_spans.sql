-- One row per lifecycle, customer and maximal interval in one stage.
with

stages_furthest as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        occurred_at
    from int_stages_furthest

),

stages_latest as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        occurred_at
    from int_stages_latest

),

stages as (

    select * from stages_furthest
    union all
    select * from stages_latest

),

after_previous as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        occurred_at,
        lag(stage_rank) over (
            partition by lifecycle_number, customer_key
            order by occurred_at asc
        ) as previous_rank
    from stages

),

final as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        previous_rank,
        occurred_at as entered_at,
        lead(occurred_at) over (
            partition by lifecycle_number, customer_key
            order by occurred_at asc
        ) as left_at
    from after_previous
    where previous_rank is null
        or previous_rank <> stage_rank

)

select * from final
