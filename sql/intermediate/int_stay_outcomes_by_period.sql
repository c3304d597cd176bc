-- One row per lifecycle, grain (month to year), period of entry and segment: each stage below the top, and all of these.
with

stays as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        advance_milliseconds,
        is_mature,
        is_advanced,
        entry_month,
        entered_at
    from int_stay_durations

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

month_periods as (

    select
        month_start,
        grain,
        period_start
    from int_month_periods

),

top_ranks as (

    select
        lifecycle_id,
        max(stage_rank) as top_rank
    from stages
    group by 1

),

lower_stages as (

    select
        lifecycles.lifecycle_id,
        lifecycles.position as lifecycle_number,
        stages.stage_id,
        stages.stage_rank
    from stages
    inner join lifecycles
        on stages.lifecycle_id = lifecycles.lifecycle_id
    inner join top_ranks
        on stages.lifecycle_id = top_ranks.lifecycle_id
    where stages.stage_rank < top_ranks.top_rank

),

counted_by_month as (

    select
        lifecycle_number,
        stage_rank,
        entry_month,
        count(*) as count_entered,
        count(case when is_mature then 1 end) as count_mature,
        count(case when is_mature and is_advanced then 1 end) as count_advanced
    from stays
    group by 1, 2, 3

),

counted as (

    select
        lower_stages.lifecycle_id,
        lower_stages.stage_id,
        month_periods.grain,
        month_periods.period_start,
        cast(sum(counted_by_month.count_entered) as bigint) as count_entered,
        cast(sum(counted_by_month.count_mature) as bigint) as count_mature,
        cast(sum(counted_by_month.count_advanced) as bigint) as count_advanced
    from counted_by_month
    inner join lower_stages
        on counted_by_month.lifecycle_number = lower_stages.lifecycle_number
        and counted_by_month.stage_rank = lower_stages.stage_rank
    inner join month_periods
        on counted_by_month.entry_month = month_periods.month_start
    group by 1, 2, 3, 4

),

ranked as (

    select
        stays.lifecycle_number,
        stays.stage_rank,
        month_periods.grain,
        month_periods.period_start,
        stays.advance_milliseconds,
        row_number() over (
            partition by stays.lifecycle_number, stays.stage_rank, month_periods.grain, month_periods.period_start
            order by stays.advance_milliseconds asc, stays.customer_key asc, stays.entered_at asc
        ) as duration_number,
        count(*) over (
            partition by stays.lifecycle_number, stays.stage_rank, month_periods.grain, month_periods.period_start
        ) as count_durations
    from stays
    inner join month_periods
        on stays.entry_month = month_periods.month_start
    where stays.is_mature
        and stays.is_advanced

),

medians as (

    -- the middle one, or the mean of the two middle ones
    select
        lower_stages.lifecycle_id,
        lower_stages.stage_id,
        ranked.grain,
        ranked.period_start,
        avg(cast(ranked.advance_milliseconds as double)) / 86400000 as median_days_to_advance
    from ranked
    inner join lower_stages
        on ranked.lifecycle_number = lower_stages.lifecycle_number
        and ranked.stage_rank = lower_stages.stage_rank
    where ranked.duration_number in ((ranked.count_durations + 1) / 2, (ranked.count_durations + 2) / 2)
    group by 1, 2, 3, 4

),

final as (

    select
        counted.lifecycle_id,
        counted.grain,
        'stage' as segment_type,
        counted.stage_id as segment_value,
        counted.period_start,
        counted.count_entered,
        counted.count_mature,
        counted.count_advanced,
        medians.median_days_to_advance
    from counted
    left join medians
        on counted.lifecycle_id = medians.lifecycle_id
        and counted.stage_id = medians.stage_id
        and counted.grain = medians.grain
        and counted.period_start = medians.period_start
    union all
    select
        lifecycle_id,
        grain,
        'all' as segment_type,
        'all' as segment_value,
        period_start,
        cast(sum(count_entered) as bigint) as count_entered,
        cast(sum(count_mature) as bigint) as count_mature,
        cast(sum(count_advanced) as bigint) as count_advanced,
        cast(null as double) as median_days_to_advance
    from counted
    group by 1, 2, 5

)

select * from final
