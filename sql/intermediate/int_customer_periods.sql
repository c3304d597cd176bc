-- One row per customer, grain (week, month, quarter) and period of activity.
with

activity as (

    select
        customer_id,
        activity_date
    from int_customer_activity

),

day_periods as (

    select
        calendar_date,
        grain,
        period_start,
        period_index
    from int_day_periods
    where grain in ('week', 'month', 'quarter')

),

final as (

    select distinct
        activity.customer_id,
        day_periods.grain,
        day_periods.period_start,
        day_periods.period_index
    from activity
    inner join day_periods
        on activity.activity_date = day_periods.calendar_date

)

select * from final
