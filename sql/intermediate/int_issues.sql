-- One row per issue: contacts of one customer about one topic, none of them more than seven days after what was before.
with

ticket_events as (

    select
        touchpoint_id,
        ticket_id,
        customer_id,
        event,
        channel,
        topic,
        author,
        to_status,
        is_public,
        is_solving,
        local_date,
        occurred_at
    from int_ticket_events

),

tickets as (

    select
        ticket_id,
        customer_id,
        topic,
        channel
    from tickets

),

other_contacts as (

    -- the same question asked elsewhere
    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.channel,
        json_extract_scalar(touchpoints.properties, '$.topic') as topic,
        touchpoints.occurred_at
    from touchpoints
    cross join run_parameters
    where touchpoints.event in ('call_received', 'live_chat_conversation_started', 'whatsapp_message_sent')
        and touchpoints.occurred_at < run_parameters.as_of_at

),

steps as (

    -- replies and reopenings are of the ticket's customer, whoever wrote them down; a ticket without a topic is an issue alone
    select
        ticket_events.touchpoint_id,
        tickets.customer_id,
        coalesce(tickets.topic, concat('ticket ', tickets.ticket_id)) as issue_topic,
        tickets.channel,
        case
            when ticket_events.event = 'ticket_created' then 1
            when ticket_events.event = 'ticket_replied' and ticket_events.author = 'customer' and ticket_events.is_public then 1
            when ticket_events.event = 'ticket_reopened' then 1
            else 0
        end as contact,
        case when ticket_events.is_solving then 1 else 0 end as solve,
        case when ticket_events.to_status = 'hold' then 1 else 0 end as hold,
        ticket_events.local_date,
        ticket_events.occurred_at
    from ticket_events
    inner join tickets
        on ticket_events.ticket_id = tickets.ticket_id
    union all
    select
        touchpoint_id,
        customer_id,
        topic as issue_topic,
        channel,
        1 as contact,
        0 as solve,
        0 as hold,
        cast(null as date) as local_date,
        occurred_at
    from other_contacts
    where topic is not null

),

gaps as (

    select
        *,
        lag(occurred_at) over (
            partition by customer_id, issue_topic
            order by occurred_at asc, solve asc, touchpoint_id asc
        ) as occurred_before
    from steps

),

numbered as (

    -- only a contact begins an issue: what the desk does later belongs to the one before
    select
        *,
        sum(case
            when occurred_before is null then 1
            when contact = 1 and date_diff('millisecond', occurred_before, occurred_at) > 604800000 then 1
            else 0
        end) over (
            partition by customer_id, issue_topic
            order by occurred_at asc, solve asc, touchpoint_id asc
            rows between unbounded preceding and current row
        ) as issue_number,
        row_number() over (
            partition by customer_id, issue_topic
            order by occurred_at asc, solve asc, touchpoint_id asc
        ) as step_number
    from gaps

),

final as (

    select
        customer_id,
        issue_topic,
        cast(issue_number as bigint) as issue_number,
        min_by(channel, step_number) as channel,
        cast(sum(contact) as bigint) as count_contacts,
        max(hold) = 1 as is_held,
        max(case when contact = 1 then step_number end) < max(case when solve = 1 then step_number end) as is_solved,
        max(case when solve = 1 then local_date end) as solved_date,
        min(occurred_at) as began_at,
        max(case when solve = 1 then occurred_at end) as solved_at
    from numbered
    group by 1, 2, 3

)

select * from final
