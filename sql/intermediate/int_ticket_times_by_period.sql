-- One row per measure, grain and period in which tickets were answered or solved, and segment, with mean and median minutes.
with

tickets as (

    select
        ticket_id,
        channel,
        first_response_minutes,
        first_response_business_minutes,
        resolution_minutes,
        resolution_business_minutes,
        first_replied_date,
        solved_date
    from tickets

),

day_periods as (

    select
        calendar_date,
        grain,
        period_index
    from int_day_periods
    where grain <> 'day'

),

periods as (

    select
        grain,
        period_start,
        period_index,
        is_complete
    from int_periods
    where grain <> 'day'

),

times as (

    select
        'first_response' as measure,
        'calendar' as clock,
        channel,
        ticket_id,
        first_response_minutes as minutes,
        first_replied_date as ended_date
    from tickets
    union all
    select 'first_response', 'business', channel, ticket_id, first_response_business_minutes, first_replied_date
    from tickets
    union all
    select 'resolution', 'calendar', channel, ticket_id, resolution_minutes, solved_date
    from tickets
    union all
    select 'resolution', 'business', channel, ticket_id, resolution_business_minutes, solved_date
    from tickets

),

in_periods as (

    -- whole milliseconds add up alike in every order
    select
        times.measure,
        times.clock,
        day_periods.grain,
        day_periods.period_index,
        times.channel,
        times.ticket_id,
        cast(round(times.minutes * 60000) as bigint) as milliseconds
    from times
    inner join day_periods
        on times.ended_date = day_periods.calendar_date

),

by_segment as (

    select measure, clock, grain, period_index, 'all' as segment_type, 'all' as segment_value, ticket_id, milliseconds
    from in_periods
    union all
    select measure, clock, grain, period_index, 'channel' as segment_type, channel as segment_value, ticket_id, milliseconds
    from in_periods
    where channel is not null

),

ranked as (

    select
        measure,
        clock,
        grain,
        period_index,
        segment_type,
        segment_value,
        milliseconds,
        row_number() over (
            partition by measure, clock, grain, period_index, segment_type, segment_value
            order by milliseconds asc, ticket_id asc
        ) as rank_number,
        count(*) over (
            partition by measure, clock, grain, period_index, segment_type, segment_value
        ) as count_tickets
    from by_segment

),

averaged as (

    select
        measure,
        clock,
        grain,
        period_index,
        segment_type,
        segment_value,
        max(count_tickets) as count_tickets,
        cast(sum(milliseconds) as double) / nullif(cast(max(count_tickets) as double), 0) / 3600000 as mean_hours,
        cast(sum(case when rank_number * 2 between count_tickets and count_tickets + 2 then milliseconds end) as double)
            / nullif(cast(count(case when rank_number * 2 between count_tickets and count_tickets + 2 then 1 end) as double), 0)
            / 3600000 as median_hours
    from ranked
    group by measure, clock, grain, period_index, segment_type, segment_value

),

first_periods as (

    select
        measure,
        clock,
        grain,
        segment_type,
        segment_value,
        min(period_index) as first_index
    from averaged
    group by measure, clock, grain, segment_type, segment_value

),

final as (

    select
        first_periods.measure,
        first_periods.clock,
        periods.grain,
        periods.period_start,
        first_periods.segment_type,
        first_periods.segment_value,
        coalesce(averaged.count_tickets, 0) as count_tickets,
        averaged.mean_hours,
        averaged.median_hours,
        periods.is_complete
    from first_periods
    inner join periods
        on first_periods.grain = periods.grain
        and first_periods.first_index <= periods.period_index
    left join averaged
        on first_periods.measure = averaged.measure
        and first_periods.clock = averaged.clock
        and first_periods.grain = averaged.grain
        and first_periods.segment_type = averaged.segment_type
        and first_periods.segment_value = averaged.segment_value
        and periods.period_index = averaged.period_index

)

select * from final
