-- One row per message that reached a person, or was to, before the cut.
with

touchpoints as (

    select
        touchpoint_id,
        customer_id,
        event,
        occurred_at,
        properties
    from touchpoints
    where event in (
            'email_delivered', 'email_bounced', 'email_opened', 'email_link_clicked', 'email_marked_as_spam', 'unsubscribed',
            'sms_delivered', 'sms_failed', 'sms_link_clicked', 'sms_opted_out',
            'whatsapp_message_received', 'whatsapp_message_read', 'whatsapp_message_failed', 'whatsapp_link_clicked',
            'whatsapp_message_sent',
            'push_notification_received', 'push_notification_tapped', 'push_notification_bounced'
        )

),

parameters as (

    select as_of_at
    from run_parameters

),

events as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.event,
        touchpoints.occurred_at,
        case
            when touchpoints.event like 'sms%' then 'sms'
            when touchpoints.event like 'whatsapp%' then 'whatsapp'
            when touchpoints.event like 'push%' then 'push'
            else 'email'
        end as channel,
        coalesce(
            json_extract_scalar(touchpoints.properties, '$.email_id'),
            json_extract_scalar(touchpoints.properties, '$.message_id')
        ) as message_id,
        json_extract_scalar(touchpoints.properties, '$.campaign_name') as campaign_name,
        json_extract_scalar(touchpoints.properties, '$.flow') as flow,
        coalesce(json_extract_scalar(touchpoints.properties, '$.machine_open'), 'false') = 'true' as is_machine
    from touchpoints
    cross join parameters
    where touchpoints.occurred_at < parameters.as_of_at

),

sendings as (

    -- what was delivered or not is a message; what a person did with it carries its id
    select
        events.channel,
        coalesce(events.message_id, events.touchpoint_id) as message_id,
        events.customer_id,
        events.occurred_at,
        events.event in (
            'email_delivered', 'sms_delivered', 'whatsapp_message_received', 'push_notification_received'
        ) as is_delivered,
        events.campaign_name,
        events.flow,
        row_number() over (
            partition by events.channel, coalesce(events.message_id, events.touchpoint_id)
            order by events.occurred_at asc, events.touchpoint_id asc
        ) as position_in_message
    from events
    where events.event in (
            'email_delivered', 'sms_delivered', 'whatsapp_message_received', 'push_notification_received',
            'email_bounced', 'sms_failed', 'whatsapp_message_failed', 'push_notification_bounced'
        )

),

sent as (

    select
        channel,
        message_id,
        min(case when position_in_message = 1 then customer_id end) as customer_id,
        min(occurred_at) as sent_at,
        min(case when is_delivered then occurred_at end) as delivered_at,
        min(case when position_in_message = 1 then campaign_name end) as campaign_name,
        min(case when position_in_message = 1 then flow end) as flow
    from sendings
    group by 1, 2

),

answers as (

    select
        channel,
        message_id,
        min(case when event in ('email_opened', 'whatsapp_message_read') and not is_machine then occurred_at end) as opened_at,
        min(case
            when event in ('email_link_clicked', 'sms_link_clicked', 'whatsapp_link_clicked', 'push_notification_tapped')
                and not is_machine then occurred_at
        end) as clicked_at,
        min(case when event in ('unsubscribed', 'sms_opted_out') then occurred_at end) as unsubscribed_at,
        min(case when event = 'email_marked_as_spam' then occurred_at end) as complained_at
    from events
    where message_id is not null
    group by 1, 2

),

replies as (

    -- a person writes back within a day: each message received in that day was answered
    select
        sent.message_id,
        min(events.occurred_at) as replied_at
    from sent
    inner join events
        on sent.customer_id = events.customer_id
        and events.event = 'whatsapp_message_sent'
        and events.occurred_at >= sent.delivered_at
        and events.occurred_at <= cast(date_add('hour', 24, sent.delivered_at) as timestamp)
    where sent.channel = 'whatsapp'
    group by 1

),

final as (

    select
        sent.channel,
        sent.message_id,
        sent.customer_id,
        sent.campaign_name,
        sent.flow,
        sent.sent_at,
        sent.delivered_at,
        answers.opened_at,
        answers.clicked_at,
        replies.replied_at,
        answers.unsubscribed_at,
        answers.complained_at
    from sent
    left join answers
        on sent.channel = answers.channel
        and sent.message_id = answers.message_id
    left join replies
        on sent.channel = 'whatsapp'
        and sent.message_id = replies.message_id

)

select * from final
