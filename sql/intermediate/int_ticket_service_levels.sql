-- One row per ticket and metric (first_reply, resolution) for which a service level holds, with whether it was met.
with

tickets as (

    select
        ticket_id,
        priority,
        sla_policy,
        open_milliseconds,
        first_replied_open_milliseconds,
        solved_open_milliseconds,
        created_at,
        first_replied_at,
        solved_at
    from int_tickets_measured

),

parameters as (

    -- what the clock of the business shows at the cut: a ticket that waits may be late already
    select
        run_parameters.as_of_at,
        business_days.open_milliseconds_before + case
            when run_parameters.as_of_at <= business_days.opens_at then 0
            when run_parameters.as_of_at >= business_days.closes_at
                then date_diff('millisecond', business_days.opens_at, business_days.closes_at)
            else date_diff('millisecond', business_days.opens_at, run_parameters.as_of_at)
        end as open_milliseconds
    from run_parameters
    inner join business_days
        on run_parameters.as_of_date = business_days.calendar_date

),

settings as (

    select
        position,
        policy,
        priority,
        metric,
        target_minutes,
        is_business_time
    from sla_settings

),

sla_targets as (

    select
        policy,
        priority,
        metric,
        target_minutes,
        is_business_time,
        valid_from,
        row_number() over (
            partition by policy, priority, metric, valid_from
            order by received_at asc, ingest_id asc
        ) as received_number
    from raw_sla_targets
    where metric in ('first_reply', 'resolution')

),

created as (

    -- a ticket without a priority is a normal one
    select
        ticket_id,
        coalesce(priority, 'normal') as priority,
        sla_policy,
        created_at
    from tickets

),

candidates as (

    -- the help desk's own policy first, in the version that held when the ticket was created
    select
        created.ticket_id,
        sla_targets.metric,
        sla_targets.target_minutes,
        sla_targets.is_business_time,
        cast(0 as bigint) as position,
        sla_targets.valid_from
    from created
    inner join sla_targets
        on created.sla_policy = sla_targets.policy
        and created.priority = sla_targets.priority
        and sla_targets.valid_from <= created.created_at
    where sla_targets.received_number = 1
    union all
    select
        created.ticket_id,
        settings.metric,
        settings.target_minutes,
        settings.is_business_time,
        settings.position,
        cast(null as timestamp) as valid_from
    from created
    inner join settings
        on coalesce(settings.policy, created.sla_policy, '') = coalesce(created.sla_policy, '')
        and coalesce(settings.priority, created.priority) = created.priority

),

ranked as (

    select
        ticket_id,
        metric,
        target_minutes,
        is_business_time,
        row_number() over (
            partition by ticket_id, metric
            order by position asc, valid_from desc
        ) as candidate_number
    from candidates

),

spent as (

    -- until it was answered or solved; what waits, until the cut
    select
        ranked.ticket_id,
        ranked.metric,
        ranked.target_minutes,
        case
            when ranked.metric = 'first_reply' then tickets.first_replied_at is not null
            else tickets.solved_at is not null
        end as is_over,
        case
            when ranked.is_business_time and ranked.metric = 'first_reply'
                then coalesce(tickets.first_replied_open_milliseconds, parameters.open_milliseconds)
                    - tickets.open_milliseconds
            when ranked.is_business_time
                then coalesce(tickets.solved_open_milliseconds, parameters.open_milliseconds) - tickets.open_milliseconds
            when ranked.metric = 'first_reply'
                then date_diff(
                    'millisecond', tickets.created_at, coalesce(tickets.first_replied_at, parameters.as_of_at)
                )
            else date_diff('millisecond', tickets.created_at, coalesce(tickets.solved_at, parameters.as_of_at))
        end as spent_milliseconds
    from ranked
    inner join tickets
        on ranked.ticket_id = tickets.ticket_id
    cross join parameters
    where ranked.candidate_number = 1

),

final as (

    -- one that still waits within its time is neither met nor missed
    select
        ticket_id,
        metric,
        target_minutes,
        case
            when spent_milliseconds > target_minutes * 60000 then false
            when is_over then true
        end as is_met
    from spent

)

select * from final
