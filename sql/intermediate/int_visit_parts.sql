-- One row per customer and half hour of visits, given session, or touch that stands alone.
with

touchpoints as (

    select
        customer_number,
        visit_kind,
        case when visit_kind = 'visit' then half_hour end as half_hour,

        -- a given session is told by its id, however long it pauses; a touch by its own
        case when visit_kind <> 'visit' then coalesce(session_id, touchpoint_id) end as session_id,
        occurred_at,

        -- milliseconds in sixteen digits, then the id: in the order of texts the earliest is first, of one instant the smallest id
        concat(
            cast(date_diff('millisecond', timestamp '1970-01-01 00:00:00', occurred_at) + 1000000000000000 as varchar),
            touchpoint_id
        ) as place
    from int_touchpoints_identified
    where visit_kind <> 'none'

),

parts as (

    select
        customer_number,
        visit_kind,
        half_hour,
        session_id,
        min(occurred_at) as first_at,
        max(occurred_at) as last_at,
        substr(min(place), 17) as first_touchpoint_id
    from touchpoints
    group by 1, 2, 3, 4

),

after_previous as (

    -- other visits by the gap since the customer's touchpoint before
    select
        customer_number,
        half_hour,
        first_touchpoint_id,
        first_at,
        lag(last_at) over (
            partition by customer_number
            order by half_hour asc
        ) as previous_at
    from parts
    where visit_kind = 'visit'

),

started as (

    -- exactly 30 minutes is still the same session
    select
        customer_number,
        half_hour,
        first_touchpoint_id,
        case
            when previous_at is null then first_at
            when date_diff('millisecond', previous_at, first_at) > 1800000 then first_at
        end as started_at
    from after_previous

),

final as (

    select
        customer_number,
        'visit' as visit_kind,
        half_hour,
        cast(null as varchar) as session_id,
        case when started_at is not null then first_touchpoint_id end as starting_touchpoint_id,
        max(started_at) over (
            partition by customer_number
            order by half_hour asc
            rows between unbounded preceding and current row
        ) as session_started_at
    from started
    union all
    select
        customer_number,
        visit_kind,
        half_hour,
        session_id,
        first_touchpoint_id as starting_touchpoint_id,
        cast(null as timestamp) as session_started_at
    from parts
    where visit_kind <> 'visit'

)

select * from final
