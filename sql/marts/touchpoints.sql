-- One row per touchpoint. Never cut by the as-of instant.
with

touchpoints as (

    select
        touchpoint_id,
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
        properties,
        identity_id,
        quantity,
        amount,
        occurred_at,
        received_at
    from stg_touchpoints
    where kind = 'touchpoint'

),

identity_customers as (

    select
        identity_id,
        customer_id
    from int_identity_customers

),

sessions as (

    select
        touchpoint_id,
        session_id
    from int_touchpoints_in_sessions

),

marketing_channels as (

    select
        touchpoint_id,
        marketing_channel
    from int_marketing_channels_found

),

amounts as (

    select
        touchpoint_id,
        reporting_amount
    from int_amounts_converted

),

final as (

    select
        touchpoints.touchpoint_id,
        touchpoints.source,
        identity_customers.customer_id,
        sessions.session_id,
        touchpoints.occurred_at,
        touchpoints.received_at,
        touchpoints.event,
        touchpoints.channel,
        marketing_channels.marketing_channel,
        touchpoints.campaign_source,
        touchpoints.campaign_medium,
        touchpoints.campaign_name,
        touchpoints.order_id,
        touchpoints.product_id,
        touchpoints.category,
        touchpoints.quantity,
        touchpoints.amount,
        touchpoints.currency_code,
        amounts.reporting_amount,
        touchpoints.device_type,
        touchpoints.country,
        touchpoints.city,
        touchpoints.group_id,
        touchpoints.properties
    from touchpoints
    inner join identity_customers
        on touchpoints.identity_id = identity_customers.identity_id
    left join sessions
        on touchpoints.touchpoint_id = sessions.touchpoint_id
    left join marketing_channels
        on touchpoints.touchpoint_id = marketing_channels.touchpoint_id
    left join amounts
        on touchpoints.touchpoint_id = amounts.touchpoint_id

)

select * from final
