-- One row per measure, and issue, service level, help visit, chat or new customer that it looks at.
with

issues as (

    select
        channel,
        count_contacts,
        is_held,
        solved_date,
        solved_at
    from int_issues
    where is_solved

),

tickets as (

    select
        customer_id,
        channel,
        first_reply_target_minutes,
        resolution_target_minutes,
        is_first_reply_met,
        is_resolution_met,
        created_date,
        created_at
    from tickets

),

touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.session_id,
        touchpoints.event,
        touchpoints.channel,
        json_extract_scalar(touchpoints.properties, '$.conversation_id') as conversation_id,
        json_extract_scalar(touchpoints.properties, '$.agent_type') as agent_type,
        json_extract_scalar(touchpoints.properties, '$.handed_over') as handed_over_text,
        touchpoints.occurred_at
    from touchpoints
    cross join run_parameters
    where touchpoints.event in (
            'help_article_viewed', 'call_received', 'live_chat_conversation_started', 'live_chat_conversation_ended'
        )
        and touchpoints.occurred_at < run_parameters.as_of_at

),

first_orders as (

    select
        customer_id,
        first_order_date,
        first_ordered_at
    from int_customer_first_orders

),

parameters as (

    select as_of_at
    from run_parameters

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

help_visits as (

    select
        coalesce(session_id, touchpoint_id) as visit_id,
        customer_id,
        min(channel) as channel,
        min(occurred_at) as first_viewed_at,
        max(occurred_at) as last_viewed_at
    from touchpoints
    where event = 'help_article_viewed'
    group by 1, 2

),

asked_after_help as (

    select distinct
        help_visits.visit_id,
        help_visits.customer_id
    from help_visits
    inner join tickets
        on help_visits.customer_id = tickets.customer_id
        and help_visits.first_viewed_at <= tickets.created_at
        and tickets.created_at < cast(date_add('day', 1, help_visits.last_viewed_at) as timestamp)

),

chats as (

    -- who began it decides whose chat it is; one that nobody ended was abandoned
    select
        conversation_id,
        min(case when event = 'live_chat_conversation_started' then occurred_at end) as started_at,
        min(case when event = 'live_chat_conversation_started' then agent_type end) as agent_type,
        min(case when event = 'live_chat_conversation_ended' then occurred_at end) as ended_at,
        max(case when handed_over_text = 'true' then 1 else 0 end) as handed_over
    from touchpoints
    where conversation_id is not null
        and event in ('live_chat_conversation_started', 'live_chat_conversation_ended')
    group by 1

),

contacts as (

    select customer_id, created_at as contacted_at from tickets
    union all
    select customer_id, occurred_at as contacted_at from touchpoints
    where event in ('call_received', 'live_chat_conversation_started')

),

early_contacts as (

    select distinct first_orders.customer_id
    from first_orders
    inner join contacts
        on first_orders.customer_id = contacts.customer_id
        and first_orders.first_ordered_at <= contacts.contacted_at
        and contacts.contacted_at < cast(date_add('day', 7, first_orders.first_ordered_at) as timestamp)

),

final as (

    select
        'first_contact_resolution_rate' as measure,
        issues.channel,
        'measure' as own_type,
        case when not issues.is_held then 'net' end as own_value,
        case when issues.count_contacts = 1 then cast(1 as double) else cast(0 as double) end as value,
        cast(date_add('day', 7, issues.solved_at) as timestamp) <= parameters.as_of_at as is_mature,
        issues.solved_date as outcome_date
    from issues
    cross join parameters
    union all
    select
        'sla_attainment_rate' as measure,
        channel,
        'metric' as own_type,
        'first_reply' as own_value,
        case when is_first_reply_met then cast(1 as double) else cast(0 as double) end as value,
        is_first_reply_met is not null as is_mature,
        created_date as outcome_date
    from tickets
    where first_reply_target_minutes is not null
    union all
    select
        'sla_attainment_rate' as measure,
        channel,
        'metric' as own_type,
        'resolution' as own_value,
        case when is_resolution_met then cast(1 as double) else cast(0 as double) end as value,
        is_resolution_met is not null as is_mature,
        created_date as outcome_date
    from tickets
    where resolution_target_minutes is not null
    union all
    select
        'self_service_rate' as measure,
        help_visits.channel,
        cast(null as varchar) as own_type,
        cast(null as varchar) as own_value,
        case when asked_after_help.visit_id is null then cast(1 as double) else cast(0 as double) end as value,
        cast(date_add('day', 1, help_visits.last_viewed_at) as timestamp) <= parameters.as_of_at as is_mature,
        local_slots.local_date as outcome_date
    from help_visits
    cross join parameters
    inner join local_slots
        on cast(floor(to_unixtime(help_visits.last_viewed_at) / 900) as bigint) = local_slots.slot
    left join asked_after_help
        on help_visits.visit_id = asked_after_help.visit_id
        and help_visits.customer_id = asked_after_help.customer_id
    union all
    select
        'bot_containment_rate' as measure,
        'live_chat' as channel,
        cast(null as varchar) as own_type,
        cast(null as varchar) as own_value,
        case when chats.ended_at is not null and chats.handed_over = 0 then cast(1 as double) else cast(0 as double) end as value,
        chats.ended_at is not null or cast(date_add('day', 1, chats.started_at) as timestamp) <= parameters.as_of_at as is_mature,
        local_slots.local_date as outcome_date
    from chats
    cross join parameters
    inner join local_slots
        on cast(floor(to_unixtime(chats.started_at) / 900) as bigint) = local_slots.slot
    where chats.agent_type = 'bot'
    union all
    select
        'early_support_contact_rate' as measure,
        cast(null as varchar) as channel,
        cast(null as varchar) as own_type,
        cast(null as varchar) as own_value,
        case when early_contacts.customer_id is not null then cast(1 as double) else cast(0 as double) end as value,
        cast(date_add('day', 7, first_orders.first_ordered_at) as timestamp) <= parameters.as_of_at as is_mature,
        first_orders.first_order_date as outcome_date
    from first_orders
    cross join parameters
    left join early_contacts
        on first_orders.customer_id = early_contacts.customer_id

)

select * from final
