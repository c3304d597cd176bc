-- One row per touchpoint. Never cut by the as-of instant.
with

identified as (

    -- wide columns are read and written once, here
    select
        touchpoint_id,
        customer_id,
        customer_number,
        visit_kind,
        half_hour,
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
    from int_touchpoints_identified

),

visits as (

    select
        customer_number,
        half_hour,
        session_started_at
    from int_visit_parts
    where visit_kind = 'visit'

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
        identified.touchpoint_id,
        identified.source,
        identified.customer_id,
        case identified.visit_kind
            when 'given' then identified.session_id
            when 'visit' then concat(
                concat(identified.customer_id, '/'),
                cast(date_diff('millisecond', timestamp '1970-01-01 00:00:00', visits.session_started_at) as varchar)
            )
        end as session_id,
        identified.occurred_at,
        identified.received_at,
        identified.event,
        identified.channel,
        marketing_channels.marketing_channel,
        identified.campaign_source,
        identified.campaign_medium,
        identified.campaign_name,
        identified.order_id,
        identified.product_id,
        identified.category,
        identified.quantity,
        identified.amount,
        identified.currency_code,
        case
            when coalesce(identified.currency_code, parameters.reporting_currency) = parameters.reporting_currency
                then identified.amount
            else foreign_amounts.reporting_amount
        end as reporting_amount,
        identified.device_type,
        identified.country,
        identified.city,
        identified.group_id,
        identified.properties
    from identified
    cross join parameters
    left join visits
        on identified.customer_number = visits.customer_number
        and identified.half_hour = visits.half_hour
    left join marketing_channels
        on identified.touchpoint_id = marketing_channels.touchpoint_id
    left join foreign_amounts
        on identified.touchpoint_id = foreign_amounts.touchpoint_id

)

select * from final
