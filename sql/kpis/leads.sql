-- One row per grain (week to year) and period from the first lead to the as-of period.
with

touchpoints as (

    select
        touchpoints.customer_id,
        touchpoints.occurred_at
    from touchpoints
    cross join run_parameters
    where touchpoints.event = 'lead_created'
        and touchpoints.occurred_at < run_parameters.as_of_at

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

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

lead_days as (

    select distinct
        touchpoints.customer_id,
        local_slots.local_date
    from touchpoints
    inner join local_slots
        on cast(floor(to_unixtime(touchpoints.occurred_at) / 900) as bigint) = local_slots.slot

),

counted as (

    select
        day_periods.grain,
        day_periods.period_start,
        count(distinct lead_days.customer_id) as count_leads
    from lead_days
    inner join day_periods
        on lead_days.local_date = day_periods.calendar_date
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
        'all' as segment_type,
        'all' as segment_value,
        cast(coalesce(counted.count_leads, 0) as double) as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        coalesce(counted.count_leads, 0) as n,
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
