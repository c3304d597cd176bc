-- One row per local day and grain.
with

calendar_days as (

    select
        calendar_date,
        week_start,
        month_start,
        quarter_start,
        year_start
    from calendar_days

),

days_by_grain as (

    select calendar_date, 'day' as grain, calendar_date as period_start from calendar_days
    union all
    select calendar_date, 'week' as grain, week_start as period_start from calendar_days
    union all
    select calendar_date, 'month' as grain, month_start as period_start from calendar_days
    union all
    select calendar_date, 'quarter' as grain, quarter_start as period_start from calendar_days
    union all
    select calendar_date, 'year' as grain, year_start as period_start from calendar_days

),

periods as (

    select
        grain,
        period_start,
        period_index,
        is_complete
    from int_periods

),

final as (

    select
        days_by_grain.calendar_date,
        days_by_grain.grain,
        days_by_grain.period_start,
        periods.period_index,
        periods.is_complete
    from days_by_grain
    inner join periods
        on days_by_grain.grain = periods.grain
        and days_by_grain.period_start = periods.period_start

)

select * from final
