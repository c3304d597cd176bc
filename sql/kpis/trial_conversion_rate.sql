-- One row per grain (week to year) and period from the first trial to the as-of period.
with

trials as (

    select
        started_on,
        is_ended,
        is_converted,
        is_mature
    from int_trials

),

day_periods as (

    select
        calendar_date,
        grain,
        period_start
    from int_day_periods
    where grain <> 'day'

),

periods as (

    select
        grain,
        period_start,
        is_complete
    from int_periods
    where grain <> 'day'

),

counted as (

    select
        day_periods.grain,
        day_periods.period_start,
        count(*) as count_trials,
        count(case when trials.is_ended then 1 end) as count_ended,
        count(case when trials.is_converted then 1 end) as count_converted,
        count(case when not trials.is_mature then 1 end) as count_immature
    from trials
    inner join day_periods
        on trials.started_on = day_periods.calendar_date
    group by 1, 2

),

first_periods as (

    select
        grain,
        min(period_start) as first_start
    from counted
    group by 1

),

final as (

    select
        periods.grain,
        periods.period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(counted.count_converted as double) / nullif(cast(counted.count_ended as double), 0) as value,
        cast(coalesce(counted.count_converted, 0) as double) as numerator,
        cast(coalesce(counted.count_ended, 0) as double) as denominator,
        coalesce(counted.count_ended, 0) as n,
        periods.is_complete and coalesce(counted.count_immature, 0) = 0 as is_complete,
        case
            when counted.count_trials > 0 and counted.count_ended = 0 then 'not_mature'
            when coalesce(counted.count_ended, 0) = 0 then 'no_denominator'
        end as null_reason
    from periods
    inner join first_periods
        on periods.grain = first_periods.grain
        and periods.period_start >= first_periods.first_start
    left join counted
        on periods.grain = counted.grain
        and periods.period_start = counted.period_start

)

select * from final
