-- One row per touchpoint, thin: whose it is and in which session.
with

touchpoints as (

    select
        touchpoint_id,
        identity_id,
        event,
        channel,
        session_id,
        occurred_at
    from stg_touchpoints
    where kind = 'touchpoint'

),

identity_customers as (

    select
        identity_id,
        customer_number
    from int_identity_customers

),

channels as (

    select
        channel,
        visit_kind
    from channels

),

event_visit_kinds as (

    select
        event,
        visit_kind
    from event_visit_kinds

),

identified as (

    select
        touchpoints.touchpoint_id,
        identity_customers.customer_number,
        touchpoints.session_id,
        case
            when touchpoints.session_id is not null then 'given'
            -- what the business does is no visit, on whatever channel the person learns of it
            when event_visit_kinds.visit_kind is not null then event_visit_kinds.visit_kind
            when touchpoints.channel is null then 'visit'
            else coalesce(channels.visit_kind, 'none')
        end as visit_kind,
        touchpoints.occurred_at
    from touchpoints
    inner join identity_customers
        on touchpoints.identity_id = identity_customers.identity_id
    left join channels
        on touchpoints.channel = channels.channel
    left join event_visit_kinds
        on touchpoints.event = event_visit_kinds.event

),

given as (

    -- a given session is told by its id, however long it pauses
    select
        touchpoint_id,
        customer_number,
        row_number() over (
            partition by customer_number, session_id
            order by occurred_at asc, touchpoint_id asc
        ) as number_in_session
    from identified
    where visit_kind = 'given'

),

visits as (

    -- others by the gap since the customer's touchpoint before
    select
        touchpoint_id,
        customer_number,
        occurred_at,
        lag(occurred_at) over (
            partition by customer_number
            order by occurred_at asc, touchpoint_id asc
        ) as previous_at
    from identified
    where visit_kind = 'visit'

),

started as (

    -- exactly 30 minutes is still the same session
    select
        touchpoint_id,
        customer_number,
        occurred_at,
        case
            when previous_at is null then true
            else date_diff('millisecond', previous_at, occurred_at) > 1800000
        end as is_start
    from visits

),

numbered as (

    -- no id in this order: of one instant only the first can begin a session, and the frame holds its equals
    select
        touchpoint_id,
        customer_number,
        is_start,
        max(case when is_start then occurred_at end) over (
            partition by customer_number
            order by occurred_at asc
            range between unbounded preceding and current row
        ) as session_started_at
    from started

),

final as (

    select
        touchpoint_id,
        customer_number,
        is_start as is_session_start,
        session_started_at
    from numbered
    union all
    select
        touchpoint_id,
        customer_number,
        number_in_session = 1 as is_session_start,
        cast(null as timestamp) as session_started_at
    from given
    union all
    select
        touchpoint_id,
        customer_number,
        visit_kind = 'touch' as is_session_start,
        cast(null as timestamp) as session_started_at
    from identified
    where visit_kind in ('touch', 'none')

)

select * from final
