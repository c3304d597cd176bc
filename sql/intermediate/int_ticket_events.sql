-- One row per touchpoint or help desk's update about a ticket before the as-of instant, with the business time passed by then.
with

touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.event,
        touchpoints.channel,
        touchpoints.product_id,
        json_extract_scalar(touchpoints.properties, '$.ticket_id') as ticket_id,
        json_extract_scalar(touchpoints.properties, '$.topic') as topic,
        json_extract_scalar(touchpoints.properties, '$.priority') as priority,
        json_extract_scalar(touchpoints.properties, '$.sla_policy') as sla_policy,
        json_extract_scalar(touchpoints.properties, '$.opened_via') as opened_via,
        json_extract_scalar(touchpoints.properties, '$.related_order_id') as related_order_id,
        json_extract_scalar(touchpoints.properties, '$.author') as author,
        json_extract_scalar(touchpoints.properties, '$.public') as public_text,
        json_extract_scalar(touchpoints.properties, '$.to_status') as to_status,
        json_extract_scalar(touchpoints.properties, '$.requester_id') as requester_id,
        touchpoints.occurred_at
    from touchpoints
    cross join run_parameters
    where touchpoints.event in (
            'ticket_created', 'ticket_replied', 'ticket_status_changed', 'ticket_solved', 'ticket_reopened'
        )
        and touchpoints.occurred_at < run_parameters.as_of_at

),

updates as (

    select
        stg_ticket_updates.fact_id,
        stg_ticket_updates.ticket_id,
        stg_ticket_updates.event,
        stg_ticket_updates.author_id,
        stg_ticket_updates.value,
        stg_ticket_updates.is_public,
        stg_ticket_updates.occurred_at
    from stg_ticket_updates
    cross join run_parameters
    where stg_ticket_updates.occurred_at < run_parameters.as_of_at

),

users as (

    select
        user_id,
        max(case when role in ('agent', 'admin') then 1 else 0 end) = 1 as is_agent
    from raw_help_desk_users
    group by 1

),

requesters as (

    select
        ticket_id,
        min(requester_id) as requester_id
    from touchpoints
    where requester_id is not null
    group by 1

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

business_days as (

    select
        calendar_date,
        opens_at,
        closes_at,
        open_milliseconds_before
    from business_days

),

all_events as (

    -- whoever asked is the customer, whatever else they are; of whom nothing is known, neither
    select
        touchpoint_id,
        ticket_id,
        customer_id,
        event,
        channel,
        product_id,
        topic,
        priority,
        sla_policy,
        opened_via,
        related_order_id,
        author,
        to_status,
        coalesce(public_text, 'true') <> 'false' as is_public,
        occurred_at
    from touchpoints
    union all
    select
        updates.fact_id as touchpoint_id,
        updates.ticket_id,
        cast(null as varchar) as customer_id,
        updates.event,
        cast(null as varchar) as channel,
        cast(null as varchar) as product_id,
        cast(null as varchar) as topic,
        case when updates.event = 'ticket_priority_set' then updates.value end as priority,
        case when updates.event = 'ticket_policy_applied' then updates.value end as sla_policy,
        cast(null as varchar) as opened_via,
        cast(null as varchar) as related_order_id,
        case
            when updates.author_id = requesters.requester_id then 'customer'
            when users.is_agent then 'agent'
            when not users.is_agent then 'customer'
        end as author,
        case when updates.event = 'ticket_status_changed' then updates.value end as to_status,
        coalesce(updates.is_public, true) as is_public,
        updates.occurred_at
    from updates
    left join requesters
        on updates.ticket_id = requesters.ticket_id
    left join users
        on updates.author_id = users.user_id

),

final as (

    -- solved and closed are the same to the person; every other status is open
    select
        all_events.touchpoint_id,
        all_events.ticket_id,
        all_events.customer_id,
        all_events.event,
        all_events.channel,
        all_events.product_id,
        all_events.topic,
        all_events.priority,
        all_events.sla_policy,
        all_events.opened_via,
        all_events.related_order_id,
        all_events.author,
        all_events.to_status,
        business_days.open_milliseconds_before + case
            when all_events.occurred_at <= business_days.opens_at then 0
            when all_events.occurred_at >= business_days.closes_at
                then date_diff('millisecond', business_days.opens_at, business_days.closes_at)
            else date_diff('millisecond', business_days.opens_at, all_events.occurred_at)
        end as open_milliseconds,
        all_events.is_public,
        case
            when all_events.event = 'ticket_solved' then true
            when all_events.event = 'ticket_reopened' then false
            when all_events.to_status in ('solved', 'closed') then true
            when all_events.to_status in ('new', 'open', 'pending', 'hold') then false
        end as is_solving,
        local_slots.local_date,
        all_events.occurred_at
    from all_events
    inner join local_slots
        on cast(floor(to_unixtime(all_events.occurred_at) / 900) as bigint) = local_slots.slot
    inner join business_days
        on local_slots.local_date = business_days.calendar_date
    where all_events.ticket_id is not null

)

select * from final
