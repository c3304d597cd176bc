-- One row per grain (week to year) and period from the first activity to the as-of period.
with

customer_periods as (

    select
        customer_id,
        grain,
        period_start
    from int_customer_periods

),

day_periods as (

    select
        calendar_date,
        period_start
    from int_day_periods
    where grain = 'year'

),

periods as (

    select
        grain,
        period_start,
        is_complete
    from int_periods
    where grain <> 'day'

),

years as (

    -- a year is its quarters, and those are fewer than the days
    select distinct
        customer_periods.customer_id,
        day_periods.period_start
    from customer_periods
    inner join day_periods
        on customer_periods.period_start = day_periods.calendar_date
    where customer_periods.grain = 'quarter'

),

counted as (

    select
        grain,
        period_start,
        count(*) as count_active
    from customer_periods
    group by 1, 2
    union all
    select
        'year' as grain,
        period_start,
        count(*) as count_active
    from years
    group by 2

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
        cast(coalesce(counted.count_active, 0) as double) as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        coalesce(counted.count_active, 0) as n,
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
