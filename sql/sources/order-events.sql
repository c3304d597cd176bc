with named as (

    select
        *,
        snake_case(event) as event_name
    from source_rows

)

select
    ingest_id,
    'order-events#' || event_id as touchpoint_id,
    event_name as event,
    occurred_at,
    customer_id as user_id,
    email,
    lower(coalesce(
        channel,
        case when starts_with(event_name, 'payment_') or event_name = 'return_requested' then 'web' else 'system' end
    )) as channel,
    order_id,
    product_id,
    amount,
    upper(case when amount is not null then coalesce(currency, 'TRY') else currency end) as currency_code,
    json_merge_patch('{}', json_object(
        'payment_id', payment_id,
        'payment_method', payment_method,
        'installments', coalesce(case when isfinite(try_cast(installments as double)) then try_cast(installments as json) end, to_json(installments)),
        'three_ds', coalesce(to_json(try_cast(three_ds as boolean)), to_json(three_ds)),
        'provider', provider,
        'decline_reason', decline_reason,
        'retry_of', retry_of,
        'shipment_id', shipment_id,
        'carrier', carrier,
        'promised_at', promised_at,
        'attempt', coalesce(case when isfinite(try_cast(attempt as double)) then try_cast(attempt as json) end, to_json(attempt)),
        'return_id', return_id,
        'reason', reason
    )) as properties
from named
