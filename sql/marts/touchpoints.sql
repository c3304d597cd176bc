-- One row per touchpoint. Never cut by the as-of instant.
with

raw_touchpoints as (

    -- wide columns are read once, here; which rows they are is said by the thin relations below
    select
        touchpoint_id,
        ingest_id,
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

),

repeated_rows as (

    select
        touchpoint_id,
        ingest_id
    from stg_repeated_rows

),

sessions as (

    -- every touchpoint has a row, identity calls have none
    select
        touchpoint_id,
        customer_number,
        session_started_at
    from int_touchpoints_in_sessions

),

customers as (

    select distinct
        customer_number,
        customer_id
    from int_identity_customers

),

parameters as (

    select reporting_currency
    from run_parameters

),

marketing_channels as (

    select
        touchpoint_id,
        marketing_channel
    from int_marketing_channels_found

),

foreign_amounts as (

    select
        touchpoint_id,
        reporting_amount
    from int_amounts_converted

),

final as (

    select
        raw_touchpoints.touchpoint_id,
        raw_touchpoints.source,
        customers.customer_id,
        case
            when raw_touchpoints.session_id is not null then raw_touchpoints.session_id
            when sessions.session_started_at is not null then concat(
                concat(customers.customer_id, '/'),
                cast(date_diff('millisecond', timestamp '1970-01-01 00:00:00', sessions.session_started_at) as varchar)
            )
        end as session_id,
        raw_touchpoints.occurred_at,
        raw_touchpoints.received_at,
        raw_touchpoints.event,
        raw_touchpoints.channel,
        marketing_channels.marketing_channel,
        raw_touchpoints.campaign_source,
        raw_touchpoints.campaign_medium,
        raw_touchpoints.campaign_name,
        raw_touchpoints.order_id,
        raw_touchpoints.product_id,
        raw_touchpoints.category,
        raw_touchpoints.quantity,
        raw_touchpoints.amount,
        raw_touchpoints.currency_code,
        case
            when coalesce(raw_touchpoints.currency_code, parameters.reporting_currency) = parameters.reporting_currency
                then raw_touchpoints.amount
            else foreign_amounts.reporting_amount
        end as reporting_amount,
        raw_touchpoints.device_type,
        raw_touchpoints.country,
        raw_touchpoints.city,
        raw_touchpoints.group_id,
        raw_touchpoints.properties
    from raw_touchpoints
    cross join parameters
    inner join sessions
        on raw_touchpoints.touchpoint_id = sessions.touchpoint_id
    inner join customers
        on sessions.customer_number = customers.customer_number
    left join marketing_channels
        on raw_touchpoints.touchpoint_id = marketing_channels.touchpoint_id
    left join foreign_amounts
        on raw_touchpoints.touchpoint_id = foreign_amounts.touchpoint_id
    left join repeated_rows
        on raw_touchpoints.touchpoint_id = repeated_rows.touchpoint_id
        and raw_touchpoints.ingest_id = repeated_rows.ingest_id
    where repeated_rows.touchpoint_id is null

)

select * from final
