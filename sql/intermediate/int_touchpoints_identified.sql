-- One row per touchpoint, wide, with its customer and whether it is a visit.
with

raw_touchpoints as (

    -- not staging: its filter, before the joins, would let the engine take the wide side for the small one and hash all of it
    select
        touchpoint_id,
        ingest_id,
        identity_id,
        source,
        event,
        channel,
        campaign_source,
        campaign_medium,
        campaign_name,
        order_id,
        product_id,
        category,
        currency_code,
        device_type,
        country,
        city,
        group_id,
        session_id,
        properties,
        quantity,
        amount,
        occurred_at,
        received_at
    from raw_touchpoints
    where kind = 'touchpoint'

),

repeated_rows as (

    select
        touchpoint_id,
        ingest_id
    from stg_repeated_rows

),

identity_customers as (

    select
        identity_id,
        customer_id,
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

final as (

    select
        raw_touchpoints.*,
        identity_customers.customer_id,
        identity_customers.customer_number,
        case
            when raw_touchpoints.session_id is not null then 'given'
            -- what the business does is no visit, on whatever channel the person learns of it
            when event_visit_kinds.visit_kind is not null then event_visit_kinds.visit_kind
            when raw_touchpoints.channel is null then 'visit'
            else coalesce(channels.visit_kind, 'none')
        end as visit_kind,

        -- less than any pause that parts two visits, so a customer is in one visit at most in each
        cast(floor(to_unixtime(raw_touchpoints.occurred_at) / 1800) as bigint) as half_hour
    from raw_touchpoints
    inner join identity_customers
        on raw_touchpoints.identity_id = identity_customers.identity_id
    left join channels
        on raw_touchpoints.channel = channels.channel
    left join event_visit_kinds
        on raw_touchpoints.event = event_visit_kinds.event
    left join repeated_rows
        on raw_touchpoints.touchpoint_id = repeated_rows.touchpoint_id
        and raw_touchpoints.ingest_id = repeated_rows.ingest_id
    where repeated_rows.touchpoint_id is null

)

select * from final
