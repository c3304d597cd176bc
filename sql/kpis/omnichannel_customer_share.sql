-- One row per grain (month, quarter) and period from the first activity to the as-of period.
with

touchpoints as (

    -- what the business sends or records is no use of a channel by the customer
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

several_channels as (

    -- most customers use one channel only: the months are looked up for the others
    select customer_id
    from touchpoints
    group by 1
    having min(channel) <> max(channel)

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

calendar_days as (

    select
        calendar_date,
        month_start,
        quarter_start
    from calendar_days

),

months as (

    select
        touchpoints.customer_id,
        calendar_days.month_start,
        min(touchpoints.channel) as low_channel,
        max(touchpoints.channel) as high_channel
    from touchpoints
    inner join several_channels
        on touchpoints.customer_id = several_channels.customer_id
    inner join local_slots
        on cast(floor(to_unixtime(touchpoints.occurred_at) / 900) as bigint) = local_slots.slot
    inner join calendar_days
        on local_slots.local_date = calendar_days.calendar_date
    group by 1, 2

),

quarters as (

    select
        months.customer_id,
        calendar_days.quarter_start,
        min(months.low_channel) as low_channel,
        max(months.high_channel) as high_channel
    from months
    inner join calendar_days
        on months.month_start = calendar_days.calendar_date
    group by 1, 2

),

omnichannel as (

    select customer_id, 'month' as grain, month_start as period_start
    from months
    where low_channel <> high_channel
    union all
    select customer_id, 'quarter' as grain, quarter_start as period_start
    from quarters
    where low_channel <> high_channel

),

counted as (

    select
        int_customer_periods.grain,
        int_customer_periods.period_start,
        count(*) as count_active,
        count(omnichannel.customer_id) as count_omnichannel
    from int_customer_periods
    left join omnichannel
        on int_customer_periods.customer_id = omnichannel.customer_id
        and int_customer_periods.grain = omnichannel.grain
        and int_customer_periods.period_start = omnichannel.period_start
    where int_customer_periods.grain in ('month', 'quarter')
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
        int_periods.grain,
        int_periods.period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(counted.count_omnichannel as double) / nullif(cast(counted.count_active as double), 0) as value,
        cast(coalesce(counted.count_omnichannel, 0) as double) as numerator,
        cast(coalesce(counted.count_active, 0) as double) as denominator,
        coalesce(counted.count_active, 0) as n,
        int_periods.is_complete,
        case when counted.count_active is null then 'no_denominator' end as null_reason
    from int_periods
    inner join first_periods
        on int_periods.grain = first_periods.grain
        and int_periods.period_start >= first_periods.first_start
    left join counted
        on int_periods.grain = counted.grain
        and int_periods.period_start = counted.period_start

)

select * from final
