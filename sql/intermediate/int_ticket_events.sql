-- One row per touchpoint about a ticket before the as-of instant, with the business time that had passed by then.
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
        touchpoints.occurred_at
    from touchpoints
    cross join run_parameters
    where touchpoints.event in (
            'ticket_created', 'ticket_replied', 'ticket_status_changed', 'ticket_solved', 'ticket_reopened'
        )
        and touchpoints.occurred_at < run_parameters.as_of_at

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

final as (

    -- solved and closed are the same to the person; every other status is open
    select
        touchpoints.touchpoint_id,
        touchpoints.ticket_id,
        touchpoints.customer_id,
        touchpoints.event,
        touchpoints.channel,
        touchpoints.product_id,
        touchpoints.topic,
        touchpoints.priority,
        touchpoints.sla_policy,
        touchpoints.opened_via,
        touchpoints.related_order_id,
        touchpoints.author,
        touchpoints.to_status,
        business_days.open_milliseconds_before + case
            when touchpoints.occurred_at <= business_days.opens_at then 0
            when touchpoints.occurred_at >= business_days.closes_at
                then date_diff('millisecond', business_days.opens_at, business_days.closes_at)
            else date_diff('millisecond', business_days.opens_at, touchpoints.occurred_at)
        end as open_milliseconds,
        coalesce(touchpoints.public_text, 'true') <> 'false' as is_public,
        case
            when touchpoints.event = 'ticket_solved' then true
            when touchpoints.event = 'ticket_reopened' then false
            when touchpoints.to_status in ('solved', 'closed') then true
            when touchpoints.to_status in ('new', 'open', 'pending', 'hold') then false
        end as is_solving,
        local_slots.local_date,
        touchpoints.occurred_at
    from touchpoints
    inner join local_slots
        on cast(floor(to_unixtime(touchpoints.occurred_at) / 900) as bigint) = local_slots.slot
    inner join business_days
        on local_slots.local_date = business_days.calendar_date
    where touchpoints.ticket_id is not null

)

select * from final
