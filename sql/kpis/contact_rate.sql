-- One row per grain (month, quarter, year) and period from the first active customer to the as-of period.
with

tickets as (

    select created_date
    from tickets

),

day_periods as (

    select
        calendar_date,
        grain,
        period_start
    from int_day_periods
    where grain in ('month', 'quarter', 'year')

),

retention as (

    -- a period that runs has no end yet
    select
        grain,
        period_start,
        count_active_at_start,
        coalesce(
            lead(count_active_at_start) over (partition by grain order by period_start asc),
            count_active_at_start
        ) as count_active_at_end,
        is_complete
    from int_retention_by_period

),

counted as (

    select
        day_periods.grain,
        day_periods.period_start,
        count(*) as count_tickets
    from tickets
    inner join day_periods
        on tickets.created_date = day_periods.calendar_date
    group by 1, 2

),

final as (

    select
        retention.grain,
        retention.period_start,
        'all' as segment_type,
        'all' as segment_value,
        200 * cast(coalesce(counted.count_tickets, 0) as double)
            / nullif(cast(retention.count_active_at_start + retention.count_active_at_end as double), 0) as value,
        100 * cast(coalesce(counted.count_tickets, 0) as double) as numerator,
        cast(retention.count_active_at_start + retention.count_active_at_end as double) / 2 as denominator,
        coalesce(counted.count_tickets, 0) as n,
        retention.is_complete,
        case when retention.count_active_at_start + retention.count_active_at_end = 0 then 'no_denominator' end as null_reason
    from retention
    left join counted
        on retention.grain = counted.grain
        and retention.period_start = counted.period_start

)

select * from final
