-- One row per grain for the as-of period, and segment (all, source).
with

touchpoints as (

    select
        touchpoints.source,
        max(touchpoints.occurred_at) as newest_at,
        count(*) as count_touchpoints
    from touchpoints
    cross join run_parameters
    where touchpoints.occurred_at < run_parameters.as_of_at
    group by 1

),

as_of_periods as (

    select
        int_day_periods.grain,
        int_day_periods.period_start,
        int_day_periods.is_complete
    from int_day_periods
    inner join run_parameters
        on int_day_periods.calendar_date = run_parameters.as_of_date

),

by_segment as (

    select
        'all' as segment_type,
        'all' as segment_value,
        max(newest_at) as newest_at,
        cast(coalesce(sum(count_touchpoints), 0) as bigint) as count_touchpoints
    from touchpoints
    union all
    select
        'source' as segment_type,
        source as segment_value,
        newest_at,
        count_touchpoints
    from touchpoints

),

final as (

    select
        as_of_periods.grain,
        as_of_periods.period_start,
        by_segment.segment_type,
        by_segment.segment_value,
        cast(date_diff('millisecond', by_segment.newest_at, run_parameters.as_of_at) as double)
            / cast(3600000 as double) as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        by_segment.count_touchpoints as n,
        as_of_periods.is_complete,
        case when by_segment.newest_at is null then 'no_data' end as null_reason
    from by_segment
    cross join as_of_periods
    cross join run_parameters

)

select * from final
