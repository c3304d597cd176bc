-- One row per month and grain (month, quarter, year), with the period that the month belongs to.
with

calendar_days as (

    select
        calendar_date,
        month_start,
        quarter_start,
        year_start
    from calendar_days
    where calendar_date = month_start

),

final as (

    select month_start, 'month' as grain, month_start as period_start from calendar_days
    union all
    select month_start, 'quarter' as grain, quarter_start as period_start from calendar_days
    union all
    select month_start, 'year' as grain, year_start as period_start from calendar_days

)

select * from final
