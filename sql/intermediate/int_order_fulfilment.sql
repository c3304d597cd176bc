-- One row per order that counts, with its discount, its delivery and its returns.
with

touchpoints as (

    select
        touchpoint_id,
        event,
        order_id,
        occurred_at,
        properties
    from touchpoints
    where event in ('order_completed', 'order_shipped', 'order_delivered', 'return_requested', 'return_received')

),

parameters as (

    select as_of_at
    from run_parameters

),

orders_counted as (

    select
        order_id,
        order_date,
        net_amount
    from int_orders_counted

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

seen as (

    select
        touchpoints.event,
        case
            when touchpoints.event = 'order_completed' then coalesce(touchpoints.order_id, touchpoints.touchpoint_id)
            else touchpoints.order_id
        end as order_id,
        touchpoints.occurred_at,
        try_cast(json_extract_scalar(touchpoints.properties, '$.discount') as decimal(18, 2)) as discount_amount,
        coalesce(
            json_extract_scalar(touchpoints.properties, '$.shipment_id'),
            touchpoints.order_id
        ) as shipment_id,
        json_extract_scalar(touchpoints.properties, '$.promised_at') as promised_text
    from touchpoints
    cross join parameters
    where touchpoints.occurred_at < parameters.as_of_at

),

promised as (

    -- an instant with seconds and its offset, as ISO 8601 writes it; another text promises nothing that can be held against
    select
        *,
        case
            when regexp_like(promised_text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$')
                then try(cast(replace(substr(promised_text, 1, 19), 'T', ' ') as timestamp))
        end as promised_local,
        case
            when regexp_like(promised_text, '[+-][0-9]{2}:[0-9]{2}$')
                then cast(substr(promised_text, length(promised_text) - 4, 2) as bigint) * 60
                    + cast(substr(promised_text, length(promised_text) - 1, 2) as bigint)
            else 0
        end as offset_minutes,
        case when regexp_like(promised_text, '-[0-9]{2}:[0-9]{2}$') then 1 else -1 end as offset_sign
    from seen

),

shipments as (

    select
        order_id,
        shipment_id,
        min(case when event = 'order_delivered' then occurred_at end) as delivered_at,
        max(cast(date_add('minute', offset_sign * offset_minutes, promised_local) as timestamp)) as promised_at
    from promised
    where event in ('order_shipped', 'order_delivered')
        and order_id is not null
    group by 1, 2

),

parcels as (

    -- an order has arrived with its last parcel
    select
        order_id,
        count(*) as count_shipments,
        case when count(delivered_at) = count(*) then max(delivered_at) end as delivered_at,
        max(promised_at) as promised_at
    from shipments
    group by 1

),

terms as (

    select
        order_id,
        cast(sum(discount_amount) as decimal(18, 2)) as discount_amount,
        count_if(event in ('return_requested', 'return_received')) as count_returns
    from seen
    where event in ('order_completed', 'return_requested', 'return_received')
    group by 1

),

final as (

    select
        orders_counted.order_id,
        orders_counted.order_date,
        orders_counted.net_amount,
        coalesce(terms.discount_amount, cast(0 as decimal(18, 2))) as discount_amount,
        coalesce(parcels.count_shipments, 0) as count_shipments,
        parcels.promised_at,
        promised_slots.local_date as promised_date,
        parcels.delivered_at,
        delivered_slots.local_date as delivered_date,
        coalesce(terms.count_returns, 0) > 0 as has_return
    from orders_counted
    left join terms
        on orders_counted.order_id = terms.order_id
    left join parcels
        on orders_counted.order_id = parcels.order_id
    left join local_slots as promised_slots
        on cast(floor(to_unixtime(parcels.promised_at) / 900) as bigint) = promised_slots.slot
    left join local_slots as delivered_slots
        on cast(floor(to_unixtime(parcels.delivered_at) / 900) as bigint) = delivered_slots.slot

)

select * from final
