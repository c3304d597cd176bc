-- One row per grain and period that begins at or before the as-of day.
with

calendar_days as (

    select
        calendar_date,
        week_start,
        month_start,
        quarter_start,
        year_start,
        starts_at,
        ends_at
    from calendar_days

),

parameters as (

    select
        as_of_at,
        as_of_date
    from run_parameters

),

days_by_grain as (

    select 'day' as grain, calendar_date as period_start, starts_at, ends_at from calendar_days
    union all
    select 'week' as grain, week_start as period_start, starts_at, ends_at from calendar_days
    union all
    select 'month' as grain, month_start as period_start, starts_at, ends_at from calendar_days
    union all
    select 'quarter' as grain, quarter_start as period_start, starts_at, ends_at from calendar_days
    union all
    select 'year' as grain, year_start as period_start, starts_at, ends_at from calendar_days

),

periods as (

    select
        grain,
        period_start,
        min(starts_at) as starts_at,
        max(ends_at) as ends_at
    from days_by_grain
    group by 1, 2

),

final as (

    select
        periods.grain,
        periods.period_start,
        row_number() over (partition by periods.grain order by periods.period_start asc) as period_index,
        periods.ends_at <= parameters.as_of_at as is_complete,
        periods.starts_at,
        periods.ends_at
    from periods
    cross join parameters
    where periods.period_start <= parameters.as_of_date

)

select * from final
