-- One row per ticket with a creation: when it was answered, solved and opened again.
with

ticket_events as (

    select
        touchpoint_id,
        ticket_id,
        event,
        author,
        priority,
        sla_policy,
        open_milliseconds,
        is_public,
        is_solving,
        local_date,
        occurred_at
    from int_ticket_events

),

creations as (

    -- an id that is created twice counts from the first time
    select
        touchpoint_id,
        ticket_id,
        priority,
        sla_policy,
        open_milliseconds,
        local_date,
        occurred_at,
        row_number() over (partition by ticket_id order by occurred_at asc, touchpoint_id asc) as creation_number
    from ticket_events
    where event = 'ticket_created'

),

first_told as (

    -- a help desk's row shows what a ticket is now; its history, what it was first
    select
        ticket_id,
        event,
        priority,
        sla_policy,
        row_number() over (partition by ticket_id, event order by occurred_at asc, touchpoint_id asc) as told_number
    from ticket_events
    where event in ('ticket_priority_set', 'ticket_policy_applied')

),

later_events as (

    -- what is told of a ticket before it was created is of no ticket that we know
    select
        ticket_events.ticket_id,
        ticket_events.touchpoint_id,
        ticket_events.event,
        ticket_events.author,
        ticket_events.open_milliseconds,
        ticket_events.is_public,
        ticket_events.is_solving,
        ticket_events.local_date,
        ticket_events.occurred_at
    from creations
    inner join ticket_events
        on creations.ticket_id = ticket_events.ticket_id
        and creations.occurred_at <= ticket_events.occurred_at
    where creations.creation_number = 1

),

state_changes as (

    -- at one instant the ticket is opened before it is solved
    select
        ticket_id,
        open_milliseconds,
        is_solving,
        lag(is_solving) over (
            partition by ticket_id
            order by occurred_at asc, case when is_solving then 1 else 0 end asc, touchpoint_id asc
        ) as was_solved,
        row_number() over (
            partition by ticket_id
            order by occurred_at desc, case when is_solving then 1 else 0 end desc, touchpoint_id desc
        ) as number_from_last,
        local_date,
        occurred_at
    from later_events
    where is_solving is not null

),

solving as (

    -- what is solved already is not solved again: a help desk closes solved tickets days later by itself
    select
        ticket_id,
        min(case when is_solving then occurred_at end) as first_solved_at,
        min(case when is_solving then open_milliseconds end) as first_solved_open_milliseconds,
        max(case when is_solving and not coalesce(was_solved, false) then occurred_at end) as solved_at,
        max(case when is_solving and not coalesce(was_solved, false) then local_date end) as solved_date,
        max(case when is_solving and not coalesce(was_solved, false) then open_milliseconds end) as solved_open_milliseconds,
        count(case when not is_solving and was_solved then 1 end) as count_reopenings,
        max(case when number_from_last = 1 and is_solving then 1 else 0 end) = 1 as is_solved
    from state_changes
    group by 1

),

replies as (

    select
        ticket_id,
        min(case when author = 'agent' then occurred_at end) as first_replied_at,
        min(case when author = 'agent' then local_date end) as first_replied_date,
        min(case when author = 'agent' then open_milliseconds end) as first_replied_open_milliseconds,
        count(case when author = 'agent' then 1 end) as count_agent_replies,
        count(case when author = 'customer' then 1 end) as count_customer_replies
    from later_events
    where event = 'ticket_replied'
        and is_public
    group by 1

),

final as (

    select
        creations.ticket_id,
        creations.touchpoint_id,
        coalesce(priorities.priority, creations.priority) as priority,
        coalesce(policies.sla_policy, creations.sla_policy) as sla_policy,
        coalesce(replies.count_agent_replies, 0) as count_agent_replies,
        coalesce(replies.count_customer_replies, 0) as count_customer_replies,
        coalesce(solving.count_reopenings, 0) as count_reopenings,
        creations.open_milliseconds,
        replies.first_replied_open_milliseconds,
        solving.first_solved_open_milliseconds,
        case when solving.is_solved then solving.solved_open_milliseconds end as solved_open_milliseconds,
        coalesce(solving.is_solved, false) as is_solved,
        creations.local_date as created_date,
        replies.first_replied_date,
        case when solving.is_solved then solving.solved_date end as solved_date,
        creations.occurred_at as created_at,
        replies.first_replied_at,
        solving.first_solved_at,
        case when solving.is_solved then solving.solved_at end as solved_at
    from creations
    left join replies
        on creations.ticket_id = replies.ticket_id
    left join solving
        on creations.ticket_id = solving.ticket_id
    left join first_told as priorities
        on creations.ticket_id = priorities.ticket_id
        and priorities.event = 'ticket_priority_set'
        and priorities.told_number = 1
    left join first_told as policies
        on creations.ticket_id = policies.ticket_id
        and policies.event = 'ticket_policy_applied'
        and policies.told_number = 1
    where creations.creation_number = 1

)

select * from final
