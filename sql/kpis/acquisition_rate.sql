-- One row per month of a visit by somebody who was not yet a customer.
with

visits as (

    select
        customer_id,
        visit_date,
        started_at
    from int_visits

),

first_orders as (

    select
        customer_id,
        first_order_date,
        first_ordered_at
    from int_customer_first_orders

),

day_periods as (

    select
        calendar_date,
        period_start
    from int_day_periods
    where grain = 'month'

),

periods as (

    select period_start
    from int_periods
    where grain = 'month'

),

last_complete_day as (

    select max(period_start) as calendar_date
    from int_periods
    where grain = 'day'
        and is_complete

),

prospects as (

    -- of each person and month the first visit before the first order
    select
        visits.customer_id,
        day_periods.period_start,
        min(visits.visit_date) as visit_date,
        min(first_orders.first_order_date) as first_order_date
    from visits
    inner join day_periods
        on visits.visit_date = day_periods.calendar_date
    left join first_orders
        on visits.customer_id = first_orders.customer_id
    where first_orders.first_ordered_at is null
        or visits.started_at <= first_orders.first_ordered_at
    group by 1, 2

),

counted as (

    select
        period_start,
        count(*) as count_prospects,
        count_if(first_order_date <= cast(date_add('day', 30, visit_date) as date)) as count_acquired
    from prospects
    group by 1

),

first_month as (

    select min(period_start) as first_start
    from counted

),

month_ends as (

    select
        day_periods.period_start,
        coalesce(
            cast(date_add('day', 30, max(day_periods.calendar_date)) as date) <= max(last_complete_day.calendar_date),
            false
        ) as is_mature
    from day_periods
    cross join last_complete_day
    group by 1

),

months as (

    select
        periods.period_start,
        coalesce(counted.count_prospects, 0) as count_prospects,
        case when month_ends.is_mature then coalesce(counted.count_acquired, 0) end as count_acquired,
        month_ends.is_mature
    from periods
    inner join first_month
        on periods.period_start >= first_month.first_start
    inner join month_ends
        on periods.period_start = month_ends.period_start
    left join counted
        on periods.period_start = counted.period_start

),

final as (

    select
        'month' as grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(count_acquired as double) / nullif(cast(count_prospects as double), 0) as value,
        cast(count_acquired as double) as numerator,
        cast(count_prospects as double) as denominator,
        count_prospects as n,
        is_mature as is_complete,
        case
            when not is_mature then 'not_mature'
            when count_prospects = 0 then 'no_denominator'
        end as null_reason
    from months

)

select * from final
