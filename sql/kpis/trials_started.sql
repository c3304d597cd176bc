-- One row per grain (day to year) and period from the first trial to the as-of period.
with

trials as (

    select
        customer_id,
        started_on
    from int_trials

),

day_periods as (

    select
        calendar_date,
        grain,
        period_start
    from int_day_periods

),

periods as (

    select
        grain,
        period_start,
        is_complete
    from int_periods

),

counted as (

    select
        day_periods.grain,
        day_periods.period_start,
        count(*) as count_trials,
        count(distinct trials.customer_id) as count_customers
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
        cast(coalesce(counted.count_trials, 0) as double) as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        coalesce(counted.count_customers, 0) as n,
        periods.is_complete,
        cast(null as varchar) as null_reason
    from periods
    inner join first_periods
        on periods.grain = first_periods.grain
        and periods.period_start >= first_periods.first_start
    left join counted
        on periods.grain = counted.grain
        and periods.period_start = counted.period_start

)

select * from final
