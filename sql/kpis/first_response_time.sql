-- One row per grain (week to year), period from the first first reply to the as-of period, and segment.
with

times as (

    select
        grain,
        period_start,
        clock,
        segment_type,
        segment_value,
        count_tickets,
        mean_hours,
        median_hours,
        is_complete
    from int_ticket_times_by_period
    where measure = 'first_response'

),

shown as (

    -- the median on the calendar's clock; the others beside it
    select grain, period_start, segment_type, segment_value, median_hours as value, count_tickets, is_complete
    from times
    where clock = 'calendar'
    union all
    select grain, period_start, 'measure' as segment_type, 'mean' as segment_value, mean_hours as value, count_tickets, is_complete
    from times
    where clock = 'calendar'
        and segment_type = 'all'
    union all
    select grain, period_start, 'measure' as segment_type, 'median_business' as segment_value, median_hours as value, count_tickets, is_complete
    from times
    where clock = 'business'
        and segment_type = 'all'
    union all
    select grain, period_start, 'measure' as segment_type, 'mean_business' as segment_value, mean_hours as value, count_tickets, is_complete
    from times
    where clock = 'business'
        and segment_type = 'all'

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        count_tickets as n,
        is_complete,
        case when value is null then 'no_data' end as null_reason
    from shown

)

select * from final
