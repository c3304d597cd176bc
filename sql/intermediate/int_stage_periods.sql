-- One row per lifecycle, grain, period from the first entry on, and segment: each stage, and all stages together.
with

occupancy as (

    select
        lifecycle_id,
        stage_id,
        occupancy_date,
        count_customers
    from stage_occupancy

),

day_periods as (

    select
        calendar_date,
        grain,
        period_start,
        is_complete
    from int_day_periods
    where grain <> 'day'

),

stages as (

    select
        lifecycle_id,
        stage_id,
        phase,
        stage_rank
    from lifecycle_stages

),

top_ranks as (

    select
        lifecycle_id,
        max(stage_rank) as top_rank
    from stages
    group by 1

),

by_stage as (

    select
        occupancy.lifecycle_id,
        occupancy.stage_id,
        day_periods.grain,
        day_periods.period_start,
        day_periods.is_complete,
        max_by(occupancy.count_customers, occupancy.occupancy_date) as count_customers
    from occupancy
    inner join day_periods
        on occupancy.occupancy_date = day_periods.calendar_date
    group by 1, 2, 3, 4, 5

),

described as (

    select
        by_stage.lifecycle_id,
        by_stage.stage_id,
        by_stage.grain,
        by_stage.period_start,
        by_stage.is_complete,
        by_stage.count_customers,
        stages.phase,
        stages.stage_rank,
        stages.stage_rank = top_ranks.top_rank as is_top
    from by_stage
    inner join stages
        on by_stage.lifecycle_id = stages.lifecycle_id
        and by_stage.stage_id = stages.stage_id
    inner join top_ranks
        on by_stage.lifecycle_id = top_ranks.lifecycle_id

),

final as (

    select
        lifecycle_id,
        grain,
        'stage' as segment_type,
        stage_id as segment_value,
        phase,
        stage_rank,
        period_start,
        is_complete,
        is_top,
        count_customers
    from described
    union all
    -- who is lapsed is in no stage
    select
        lifecycle_id,
        grain,
        'all' as segment_type,
        'all' as segment_value,
        cast(null as varchar) as phase,
        cast(null as integer) as stage_rank,
        period_start,
        is_complete,
        false as is_top,
        cast(sum(case when stage_rank > 0 then count_customers else 0 end) as bigint) as count_customers
    from described
    group by 1, 2, 7, 8

)

select * from final
