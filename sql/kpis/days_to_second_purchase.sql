-- One row per grain (month, quarter, year) and period of the first order.
with

first_orders as (

    select
        customer_id,
        first_order_date,
        date_diff('day', cast(first_order_date as timestamp), cast(second_order_date as timestamp)) as days_between
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

ranked as (

    -- an exact median: a unique order, and the one or two in its middle
    select
        day_periods.grain,
        day_periods.period_start,
        first_orders.days_between,
        row_number() over (
            partition by day_periods.grain, day_periods.period_start
            order by first_orders.days_between asc, first_orders.customer_id asc
        ) as position_in_cohort,
        count(*) over (partition by day_periods.grain, day_periods.period_start) as count_returned
    from first_orders
    inner join day_periods
        on first_orders.first_order_date = day_periods.calendar_date
    where first_orders.days_between <= 90

),

medians as (

    select
        grain,
        period_start,
        avg(cast(days_between as double)) as median_days,
        max(count_returned) as count_returned
    from ranked
    where position_in_cohort in ((count_returned + 1) / 2, (count_returned + 2) / 2)
    group by 1, 2

),

final as (

    select
        cohorts.grain,
        cohorts.period_start,
        'all' as segment_type,
        'all' as segment_value,
        case when cohort_ends.is_mature then medians.median_days end as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        coalesce(medians.count_returned, 0) as n,
        cohort_ends.is_mature as is_complete,
        case
            when not cohort_ends.is_mature then 'not_mature'
            when medians.median_days is null then 'no_data'
        end as null_reason
    from cohorts
    inner join cohort_ends
        on cohorts.grain = cohort_ends.grain
        and cohorts.period_start = cohort_ends.period_start
    left join medians
        on cohorts.grain = medians.grain
        and cohorts.period_start = medians.period_start

)

select * from final
