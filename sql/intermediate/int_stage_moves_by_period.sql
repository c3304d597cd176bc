-- One row per lifecycle, grain, period and segment in which somebody moved: each stage, and all stages together.
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
        stage_id,
        stage_rank
    from lifecycle_stages

),

day_periods as (

    select
        calendar_date,
        grain,
        period_start
    from int_day_periods
    where grain <> 'day'

),

moves as (

    select
        spans.lifecycle_number,
        spans.previous_rank,
        spans.stage_rank,
        span_days.entered_date as move_date,
        count(*) as count_moves
    from spans
    inner join span_days
        on spans.lifecycle_number = span_days.lifecycle_number
        and spans.customer_key = span_days.customer_key
        and spans.entered_at = span_days.entered_at
    group by 1, 2, 3, 4

),

entries as (

    select
        lifecycle_number,
        stage_rank as segment_rank,
        move_date,
        count_moves as count_entries,
        0 as count_exits,
        0 as count_between,
        0 as count_skips,
        0 as count_returns
    from moves

),

exits as (

    -- a move between stages is told of the stage that it leaves
    select
        lifecycle_number,
        previous_rank as segment_rank,
        move_date,
        0 as count_entries,
        count_moves as count_exits,
        case when previous_rank > 0 and stage_rank > 0 then count_moves else 0 end as count_between,
        case when previous_rank > 0 and stage_rank > previous_rank + 1 then count_moves else 0 end as count_skips,
        case when stage_rank > 0 and stage_rank < previous_rank then count_moves else 0 end as count_returns
    from moves
    where previous_rank is not null

),

together as (

    -- of all stages together: who comes from outside or lapsed, and who lapses
    select
        lifecycle_number,
        cast(null as integer) as segment_rank,
        move_date,
        case when coalesce(previous_rank, 0) = 0 and stage_rank > 0 then count_moves else 0 end as count_entries,
        case when stage_rank = 0 then count_moves else 0 end as count_exits,
        case when previous_rank > 0 and stage_rank > 0 then count_moves else 0 end as count_between,
        case when previous_rank > 0 and stage_rank > previous_rank + 1 then count_moves else 0 end as count_skips,
        case when stage_rank > 0 and stage_rank < previous_rank then count_moves else 0 end as count_returns
    from moves

),

told as (

    select * from entries
    union all
    select * from exits
    union all
    select * from together

),

final as (

    select
        lifecycles.lifecycle_id,
        day_periods.grain,
        case when told.segment_rank is null then 'all' else 'stage' end as segment_type,
        coalesce(stages.stage_id, 'all') as segment_value,
        day_periods.period_start,
        cast(sum(told.count_entries) as bigint) as count_entries,
        cast(sum(told.count_exits) as bigint) as count_exits,
        cast(sum(told.count_between) as bigint) as count_between,
        cast(sum(told.count_skips) as bigint) as count_skips,
        cast(sum(told.count_returns) as bigint) as count_returns
    from told
    inner join lifecycles
        on told.lifecycle_number = lifecycles.position
    left join stages
        on lifecycles.lifecycle_id = stages.lifecycle_id
        and told.segment_rank = stages.stage_rank
    inner join day_periods
        on told.move_date = day_periods.calendar_date
    group by 1, 2, 3, 4, 5

)

select * from final
