with lines as (

    select
        *,
        lower(coalesce(trim(status), 'completed')) as order_status
    from source_rows

)

select
    ingest_id,
    -- A row without a line number has no identity of its own: landing then tells rows apart by content.
    'orders#' || order_id || '#' || line_number || '#' || order_status || '#' || ordered_at as touchpoint_id,
    case order_status
        when 'completed' then 'order_completed'
        when 'cancelled' then 'order_cancelled'
        when 'refunded' then 'order_refunded'
    end as event,
    ordered_at as occurred_at,
    customer_id as user_id,
    email,
    phone,
    loyalty_id,
    lower(coalesce(channel, 'web')) as channel,
    campaign_source,
    campaign_medium,
    campaign_name,
    order_id,
    product_id,
    category,
    quantity,
    -- Text that is no number goes on as it is, so that landing quarantines the row.
    case
        when order_status <> 'completed' then regexp_replace(trim(amount), '^-', '')
        else amount
    end as amount,
    upper(coalesce(currency, 'TRY')) as currency_code,
    device_type,
    country,
    city,
    json_merge_patch('{}', json_object(
        'coupon', coupon,
        'payment_method', payment_method,
        'installments', coalesce(case when isfinite(try_cast(installments as double)) then try_cast(installments as json) end, to_json(installments)),
        'delivery_promise', delivery_promise,
        'discount', coalesce(case when isfinite(try_cast(discount as double)) then try_cast(discount as json) end, to_json(discount)),
        'referral_code', referral_code,
        'reason', reason
    )) as properties,
    case
        when order_status not in ('completed', 'cancelled', 'refunded') then 'unknown_status'
    end as reject_reason
from lines
