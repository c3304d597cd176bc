-- One row per touchpoint that is part of a visit or stands alone as one.
with

touchpoints as (

    select
        touchpoint_id,
        customer_id,
        session_id,
        visit_kind,
        occurred_at
    from int_touchpoints_identified
    where visit_kind <> 'none'

),

after_previous as (

    -- a given session is told by its id, others by the gap since the customer's touchpoint before
    select
        touchpoint_id,
        customer_id,
        session_id,
        visit_kind,
        occurred_at,
        lag(occurred_at) over (
            partition by customer_id, visit_kind, session_id
            order by occurred_at asc, touchpoint_id asc
        ) as previous_at
    from touchpoints

),

started as (

    -- exactly 30 minutes is still the same session
    select
        touchpoint_id,
        customer_id,
        session_id,
        visit_kind,
        occurred_at,
        case
            when visit_kind = 'touch' then 1
            when previous_at is null then 1
            when visit_kind = 'visit' and date_diff('millisecond', previous_at, occurred_at) > 1800000 then 1
            else 0
        end as is_start
    from after_previous

),

numbered as (

    select
        touchpoint_id,
        customer_id,
        session_id,
        visit_kind,
        occurred_at,
        is_start,
        max(case when is_start = 1 then occurred_at end) over (
            partition by customer_id, visit_kind, session_id
            order by occurred_at asc, touchpoint_id asc
            rows between unbounded preceding and current row
        ) as session_started_at
    from started

),

final as (

    select
        touchpoint_id,
        customer_id,
        case visit_kind
            when 'given' then session_id
            when 'visit' then concat(
                concat(customer_id, '/'),
                cast(date_diff('millisecond', timestamp '1970-01-01 00:00:00', session_started_at) as varchar)
            )
        end as session_id,
        is_start = 1 as is_session_start,
        occurred_at
    from numbered

)

select * from final
