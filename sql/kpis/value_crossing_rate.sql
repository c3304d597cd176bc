-- One row per lifecycle with both phases of value, grain (month to year) and period of entry.
with

periods as (

    select
        lifecycle_id,
        grain,
        period_start,
        is_complete
    from int_stage_periods
    where grain in ('month', 'quarter', 'year')
        and segment_type = 'all'

),

stages as (

    select
        lifecycle_id,
        phase
    from lifecycle_stages

),

crossings as (

    select
        lifecycle_number,
        entry_month,
        duration_milliseconds,
        is_crossed,
        is_mature
    from int_value_crossings

),

lifecycles as (

    select
        lifecycle_id,
        position
    from lifecycles

),

month_periods as (

    select
        month_start,
        grain,
        period_start
    from int_month_periods

),

with_both_phases as (

    select lifecycle_id
    from stages
    where phase in ('value_creation', 'value_expansion')
    group by 1
    having min(phase) <> max(phase)

),

counted_by_month as (

    -- 180 times 24 hours
    select
        lifecycle_number,
        entry_month,
        count(*) as count_entered,
        count(case when is_mature then 1 end) as count_mature,
        count(case when is_mature and is_crossed and duration_milliseconds <= 15552000000 then 1 end) as count_crossed
    from crossings
    group by 1, 2

),

counted as (

    select
        lifecycles.lifecycle_id,
        month_periods.grain,
        month_periods.period_start,
        cast(sum(counted_by_month.count_entered) as bigint) as count_entered,
        cast(sum(counted_by_month.count_mature) as bigint) as count_mature,
        cast(sum(counted_by_month.count_crossed) as bigint) as count_crossed
    from counted_by_month
    inner join lifecycles
        on counted_by_month.lifecycle_number = lifecycles.position
    inner join month_periods
        on counted_by_month.entry_month = month_periods.month_start
    group by 1, 2, 3

),

joined as (

    select
        periods.lifecycle_id,
        periods.grain,
        periods.period_start,
        periods.is_complete,
        coalesce(counted.count_entered, 0) as count_entered,
        coalesce(counted.count_mature, 0) as count_mature,
        coalesce(counted.count_crossed, 0) as count_crossed
    from periods
    inner join with_both_phases
        on periods.lifecycle_id = with_both_phases.lifecycle_id
    left join counted
        on periods.lifecycle_id = counted.lifecycle_id
        and periods.grain = counted.grain
        and periods.period_start = counted.period_start

),

final as (

    select
        lifecycle_id,
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(count_crossed as double) / nullif(cast(count_mature as double), 0) as value,
        cast(count_crossed as double) as numerator,
        cast(count_mature as double) as denominator,
        count_mature as n,
        is_complete and count_mature = count_entered as is_complete,
        case
            when count_mature = 0 and count_entered > 0 then 'not_mature'
            when count_mature = 0 then 'no_denominator'
        end as null_reason
    from joined

)

select * from final
