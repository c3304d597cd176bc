-- One row per grain (month, quarter, year) and period from the first activity to the as-of period.
with

spells as (

    select
        starts_on,
        ends_on,
        next_starts_on
    from int_activity_spells

),

parameters as (

    select as_of_date
    from run_parameters

),

day_periods as (

    select
        int_day_periods.calendar_date,
        int_day_periods.grain,
        int_day_periods.period_start
    from int_day_periods
    cross join parameters
    where int_day_periods.grain in ('month', 'quarter', 'year')
        and int_day_periods.calendar_date <= parameters.as_of_date

),

days as (

    select period_start as calendar_date
    from int_periods
    where grain = 'day'

),

periods as (

    select
        grain,
        period_start,
        is_complete
    from int_periods
    where grain in ('month', 'quarter', 'year')

),

changes as (

    select starts_on as change_date, 1 as change from spells
    union all
    select cast(date_add('day', 1, ends_on) as date) as change_date, -1 as change from spells

),

changes_by_day as (

    select
        change_date,
        sum(change) as change
    from changes
    group by 1

),

levels as (

    -- a customer has at most one span at a time, so spans count customers
    select
        days.calendar_date,
        cast(sum(coalesce(changes_by_day.change, 0)) over (
            order by days.calendar_date asc
            rows between unbounded preceding and current row
        ) as bigint) as count_active
    from days
    left join changes_by_day
        on days.calendar_date = changes_by_day.change_date

),

closings as (

    select
        grain,
        period_start,
        cast(date_add('day', 1, max(calendar_date)) as date) as closes_on
    from day_periods
    group by 1, 2

),

lost as (

    -- whose span ended inside and who is not back at the close; a span outlasts any close it begins before
    select
        day_periods.grain,
        day_periods.period_start,
        count(*) as count_lost
    from spells
    inner join day_periods
        on spells.ends_on = day_periods.calendar_date
    inner join closings
        on day_periods.grain = closings.grain
        and day_periods.period_start = closings.period_start
    where spells.starts_on <= day_periods.period_start
        and not coalesce(spells.next_starts_on <= closings.closes_on, false)
    group by 1, 2

),

first_spell as (

    select min(starts_on) as starts_on
    from spells

),

first_periods as (

    select
        day_periods.grain,
        day_periods.period_start as first_start
    from first_spell
    inner join day_periods
        on first_spell.starts_on = day_periods.calendar_date

),

final as (

    select
        periods.grain,
        periods.period_start,
        levels.count_active as count_active_at_start,
        coalesce(lost.count_lost, 0) as count_lost,
        periods.is_complete
    from periods
    inner join first_periods
        on periods.grain = first_periods.grain
        and periods.period_start >= first_periods.first_start
    inner join levels
        on periods.period_start = levels.calendar_date
    left join lost
        on periods.grain = lost.grain
        and periods.period_start = lost.period_start

)

select * from final
