-- One row per lifecycle, stage, entry month and customer's interval in it, with how long it lasted and what came of it.
with

spans as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        entered_at,
        left_at,
        advanced_at
    from int_span_advances

),

span_days as (

    select
        lifecycle_number,
        customer_key,
        entered_date,
        entered_at
    from int_span_days

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
        stage_rank,
        within_days
    from lifecycle_stages

),

windows as (

    select
        lifecycles.position as lifecycle_number,
        stages.stage_rank,
        cast(stages.within_days as bigint) * 86400000 as window_milliseconds
    from stages
    inner join lifecycles
        on stages.lifecycle_id = lifecycles.lifecycle_id

),

parameters as (

    select as_of_at
    from run_parameters

),

measured as (

    select
        spans.lifecycle_number,
        spans.customer_key,
        spans.stage_rank,
        windows.window_milliseconds,
        date_diff('millisecond', spans.entered_at, parameters.as_of_at) as observed_milliseconds,
        date_diff('millisecond', spans.entered_at, spans.advanced_at) as advance_milliseconds,
        date_diff('millisecond', spans.entered_at, coalesce(spans.left_at, parameters.as_of_at)) as stay_milliseconds,
        spans.left_at is not null as is_left,
        cast(date_trunc('month', span_days.entered_date) as date) as entry_month,
        spans.entered_at
    from spans
    inner join span_days
        on spans.lifecycle_number = span_days.lifecycle_number
        and spans.customer_key = span_days.customer_key
        and spans.entered_at = span_days.entered_at
    inner join windows
        on spans.lifecycle_number = windows.lifecycle_number
        and spans.stage_rank = windows.stage_rank
    cross join parameters

),

final as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        window_milliseconds,
        observed_milliseconds,
        stay_milliseconds,
        case when advance_milliseconds <= window_milliseconds then advance_milliseconds end as advance_milliseconds,
        is_left,
        observed_milliseconds >= window_milliseconds as is_mature,
        coalesce(advance_milliseconds <= window_milliseconds, false) as is_advanced,
        entry_month,
        entered_at
    from measured

)

select * from final
