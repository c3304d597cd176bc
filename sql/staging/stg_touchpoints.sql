-- One row per touchpoint id: the row that was received first.
with

raw_touchpoints as (

    select
        touchpoint_id,
        source,
        ingest_id,
        identity_id,
        kind,
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
        user_id,
        anonymous_id,
        email_key,
        phone_key,
        loyalty_id,
        device_id,
        previous_id,
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

final as (

    select raw_touchpoints.*
    from raw_touchpoints
    left join repeated_rows
        on raw_touchpoints.touchpoint_id = repeated_rows.touchpoint_id
        and raw_touchpoints.ingest_id = repeated_rows.ingest_id
    where repeated_rows.touchpoint_id is null

)

select * from final
