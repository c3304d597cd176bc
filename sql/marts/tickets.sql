-- One row per ticket that was created before the as-of instant.
with

ticket_events as (

    select
        touchpoint_id,
        customer_id,
        channel,
        topic,
        opened_via,
        product_id,
        related_order_id
    from int_ticket_events
    where event = 'ticket_created'

),

measured as (

    select
        ticket_id,
        touchpoint_id,
        priority,
        sla_policy,
        count_agent_replies,
        count_customer_replies,
        count_reopenings,
        open_milliseconds,
        first_replied_open_milliseconds,
        first_solved_open_milliseconds,
        solved_open_milliseconds,
        is_solved,
        created_date,
        first_replied_date,
        solved_date,
        created_at,
        first_replied_at,
        first_solved_at,
        solved_at
    from int_tickets_measured

),

service_levels as (

    select
        ticket_id,
        metric,
        target_minutes,
        is_met
    from int_ticket_service_levels

),

final as (

    select
        measured.ticket_id,
        ticket_events.customer_id,
        ticket_events.channel,
        ticket_events.topic,
        measured.priority,
        measured.sla_policy,
        ticket_events.opened_via,
        ticket_events.product_id,
        ticket_events.related_order_id,
        measured.count_agent_replies,
        measured.count_customer_replies,
        measured.count_reopenings,
        cast(date_diff('millisecond', measured.created_at, measured.first_replied_at) as double) / 60000
            as first_response_minutes,
        cast(measured.first_replied_open_milliseconds - measured.open_milliseconds as double) / 60000
            as first_response_business_minutes,
        cast(date_diff('millisecond', measured.created_at, measured.first_solved_at) as double) / 60000
            as first_resolution_minutes,
        cast(measured.first_solved_open_milliseconds - measured.open_milliseconds as double) / 60000
            as first_resolution_business_minutes,
        cast(date_diff('millisecond', measured.created_at, measured.solved_at) as double) / 60000 as resolution_minutes,
        cast(measured.solved_open_milliseconds - measured.open_milliseconds as double) / 60000
            as resolution_business_minutes,
        first_reply.target_minutes as first_reply_target_minutes,
        resolution.target_minutes as resolution_target_minutes,
        measured.is_solved,
        first_reply.is_met as is_first_reply_met,
        resolution.is_met as is_resolution_met,
        measured.created_date,
        measured.first_replied_date,
        measured.solved_date,
        measured.created_at,
        measured.first_replied_at,
        measured.first_solved_at,
        measured.solved_at
    from measured
    inner join ticket_events
        on measured.touchpoint_id = ticket_events.touchpoint_id
    left join service_levels as first_reply
        on measured.ticket_id = first_reply.ticket_id
        and first_reply.metric = 'first_reply'
    left join service_levels as resolution
        on measured.ticket_id = resolution.ticket_id
        and resolution.metric = 'resolution'

)

select * from final
