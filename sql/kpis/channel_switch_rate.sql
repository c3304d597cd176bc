-- One row per grain (month, quarter, year) and period from the first touch to the as-of period.
with

touches as (

    -- what the business sends or records is no use of a channel
    select
        touchpoints.customer_id,
        touchpoints.channel,
        touchpoints.occurred_at
    from touchpoints
    cross join run_parameters
    where touchpoints.occurred_at < run_parameters.as_of_at
        and touchpoints.channel <> 'system'
        and touchpoints.event not in (
            'email_delivered', 'email_bounced', 'email_opened', 'sms_delivered', 'sms_failed',
            'whatsapp_message_received', 'whatsapp_message_failed', 'push_notification_received',
            'push_notification_bounced', 'survey_sent', 'lead_contacted'
        )

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
    where grain in ('month', 'quarter', 'year')

),

periods as (

    select
        grain,
        period_start,
        is_complete
    from int_periods
    where grain in ('month', 'quarter', 'year')

),

followed as (

    -- no id in this order: rows that are equal in it are one touch
    select
        channel,
        occurred_at,
        lag(channel) over (
            partition by customer_id
            order by occurred_at asc, channel asc
        ) as channel_before,
        lag(occurred_at) over (
            partition by customer_id
            order by occurred_at asc, channel asc
        ) as occurred_before
    from touches

),

compared as (

    -- lines of one order are one touch
    select
        channel,
        case when channel <> channel_before or occurred_at <> occurred_before then channel_before end as channel_before,
        cast(floor(to_unixtime(occurred_at) / 900) as bigint) as slot
    from followed

),

counted_by_slot as (

    select
        slot,
        count(channel_before) as count_pairs,
        count(case when channel <> channel_before then 1 end) as count_switches
    from compared
    group by 1

),

counted_by_day as (

    select
        local_slots.local_date,
        sum(counted_by_slot.count_pairs) as count_pairs,
        sum(counted_by_slot.count_switches) as count_switches
    from counted_by_slot
    inner join local_slots
        on counted_by_slot.slot = local_slots.slot
    group by 1

),

counted as (

    select
        day_periods.grain,
        day_periods.period_start,
        cast(sum(counted_by_day.count_pairs) as bigint) as count_pairs,
        cast(sum(counted_by_day.count_switches) as bigint) as count_switches
    from counted_by_day
    inner join day_periods
        on counted_by_day.local_date = day_periods.calendar_date
    group by 1, 2

),

first_periods as (

    select
        grain,
        min(period_start) as first_start
    from counted
    group by 1

),

joined as (

    select
        periods.grain,
        periods.period_start,
        periods.is_complete,
        coalesce(counted.count_pairs, 0) as count_pairs,
        coalesce(counted.count_switches, 0) as count_switches
    from periods
    inner join first_periods
        on periods.grain = first_periods.grain
        and periods.period_start >= first_periods.first_start
    left join counted
        on periods.grain = counted.grain
        and periods.period_start = counted.period_start

),

final as (

    select
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(count_switches as double) / nullif(cast(count_pairs as double), 0) as value,
        cast(count_switches as double) as numerator,
        cast(count_pairs as double) as denominator,
        count_pairs as n,
        is_complete,
        case when count_pairs = 0 then 'no_denominator' end as null_reason
    from joined

)

select * from final
