-- One row per grain (week to year) and period from the first visit to the as-of period.
with

visits as (

    select
        customer_id,
        has_order,
        visit_date
    from int_visits

),

calendar_days as (

    select
        calendar_date,
        week_start,
        month_start,
        quarter_start,
        year_start
    from calendar_days

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

weeks as (

    select
        visits.customer_id,
        calendar_days.week_start,
        bool_or(visits.has_order) as has_order
    from visits
    inner join calendar_days
        on visits.visit_date = calendar_days.calendar_date
    group by 1, 2

),

months as (

    select
        visits.customer_id,
        calendar_days.month_start,
        bool_or(visits.has_order) as has_order,
        min(visits.visit_date) as first_date
    from visits
    inner join calendar_days
        on visits.visit_date = calendar_days.calendar_date
    group by 1, 2

),

quarters as (

    -- from the months, which are fewer than the visits
    select
        months.customer_id,
        calendar_days.quarter_start,
        bool_or(months.has_order) as has_order
    from months
    inner join calendar_days
        on months.month_start = calendar_days.calendar_date
    group by 1, 2

),

years as (

    select
        quarters.customer_id,
        calendar_days.year_start,
        bool_or(quarters.has_order) as has_order
    from quarters
    inner join calendar_days
        on quarters.quarter_start = calendar_days.calendar_date
    group by 1, 2

),

counted as (

    select
        'week' as grain,
        week_start as period_start,
        count(*) as count_visitors,
        count(case when has_order then 1 end) as count_with_order
    from weeks
    group by 2
    union all
    select
        'month' as grain,
        month_start as period_start,
        count(*) as count_visitors,
        count(case when has_order then 1 end) as count_with_order
    from months
    group by 2
    union all
    select
        'quarter' as grain,
        quarter_start as period_start,
        count(*) as count_visitors,
        count(case when has_order then 1 end) as count_with_order
    from quarters
    group by 2
    union all
    select
        'year' as grain,
        year_start as period_start,
        count(*) as count_visitors,
        count(case when has_order then 1 end) as count_with_order
    from years
    group by 2

),

first_visits as (

    select
        customer_id,
        min(first_date) as first_date
    from months
    group by 1

),

new_by_day as (

    select
        first_date,
        count(*) as count_new
    from first_visits
    group by 1

),

new_counted as (

    select
        day_periods.grain,
        day_periods.period_start,
        cast(sum(new_by_day.count_new) as bigint) as count_new_visitors
    from new_by_day
    inner join day_periods
        on new_by_day.first_date = day_periods.calendar_date
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
        coalesce(counted.count_visitors, 0) as count_visitors,
        coalesce(new_counted.count_new_visitors, 0) as count_new_visitors,
        coalesce(counted.count_with_order, 0) as count_with_order,
        periods.is_complete
    from periods
    inner join first_periods
        on periods.grain = first_periods.grain
        and periods.period_start >= first_periods.first_start
    left join counted
        on periods.grain = counted.grain
        and periods.period_start = counted.period_start
    left join new_counted
        on periods.grain = new_counted.grain
        and periods.period_start = new_counted.period_start

)

select * from final
