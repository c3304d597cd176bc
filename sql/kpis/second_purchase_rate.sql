-- One row per grain (month, quarter, year) and period of the first order.
with

first_orders as (

    select
        first_order_date,
        second_order_date
    from int_customer_first_orders
    where second_order_date is not null

),

cohorts as (

    select
        grain,
        period_start,
        count_new_customers as count_cohort
    from int_new_customers_by_period
    where grain in ('month', 'quarter', 'year')
        and segment_type = 'all'

),

day_periods as (

    select
        calendar_date,
        grain,
        period_start
    from int_day_periods
    where grain in ('month', 'quarter', 'year')

),

last_complete_day as (

    select max(period_start) as calendar_date
    from int_periods
    where grain = 'day'
        and is_complete

),

cohort_ends as (

    select
        day_periods.grain,
        day_periods.period_start,
        coalesce(
            cast(date_add('day', 90, max(day_periods.calendar_date)) as date) <= max(last_complete_day.calendar_date),
            false
        ) as is_mature
    from day_periods
    cross join last_complete_day
    group by 1, 2

),

returned as (

    select
        day_periods.grain,
        day_periods.period_start,
        count(*) as count_returned
    from first_orders
    inner join day_periods
        on first_orders.first_order_date = day_periods.calendar_date
    where first_orders.second_order_date <= cast(date_add('day', 90, first_orders.first_order_date) as date)
    group by 1, 2

),

joined as (

    select
        cohorts.grain,
        cohorts.period_start,
        cohorts.count_cohort,
        case when cohort_ends.is_mature then coalesce(returned.count_returned, 0) end as count_returned,
        cohort_ends.is_mature
    from cohorts
    inner join cohort_ends
        on cohorts.grain = cohort_ends.grain
        and cohorts.period_start = cohort_ends.period_start
    left join returned
        on cohorts.grain = returned.grain
        and cohorts.period_start = returned.period_start

),

final as (

    select
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(count_returned as double) / nullif(cast(count_cohort as double), 0) as value,
        cast(count_returned as double) as numerator,
        cast(count_cohort as double) as denominator,
        count_cohort as n,
        is_mature as is_complete,
        case
            when not is_mature then 'not_mature'
            when count_cohort = 0 then 'no_denominator'
        end as null_reason
    from joined

)

select * from final
