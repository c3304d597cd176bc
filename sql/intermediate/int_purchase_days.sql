-- One row per measure of the purchase, local day and segment: what is counted of what.
with

payments as (

    select
        payment_id,
        order_id,
        attempted_at,
        status,
        amount,
        payment_method,
        count_installments
    from payments

),

carts as (

    select
        cart_id,
        created_at,
        checkout_started_at,
        status
    from carts

),

orders_fulfilled as (

    select
        order_id,
        order_date,
        net_amount,
        discount_amount,
        count_shipments,
        promised_at,
        promised_date,
        delivered_at,
        delivered_date,
        has_return
    from int_order_fulfilment

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

parameters as (

    select as_of_at
    from run_parameters

),

dated_payments as (

    select
        local_slots.local_date as fact_date,
        coalesce(payments.order_id, payments.payment_id) as paid_for,
        payments.attempted_at,
        payments.status = 'succeeded' as is_paid,
        coalesce(payments.amount, cast(0 as decimal(18, 2))) as amount,
        coalesce(payments.payment_method, 'unknown') as payment_method,
        coalesce(payments.count_installments, 1) > 1 as has_installments
    from payments
    inner join local_slots
        on cast(floor(to_unixtime(payments.attempted_at) / 900) as bigint) = local_slots.slot

),

paid_orders as (

    -- an order is tried on the day of its first attempt, and paid when one of them succeeded
    select
        paid_for,
        min(fact_date) as fact_date,
        count_if(is_paid) as count_paid
    from dated_payments
    group by 1

),

dated_carts as (

    select
        local_slots.local_date as fact_date,
        carts.checkout_started_at is not null as has_checkout,
        carts.status
    from carts
    inner join local_slots
        on cast(floor(to_unixtime(carts.created_at) / 900) as bigint) = local_slots.slot
    where carts.status not in ('emptied', 'open')

),

facts as (

    select
        'payment_success_rate_attempt' as measure,
        fact_date,
        'all' as segment_type,
        'all' as segment_value,
        case when is_paid then 1 else 0 end as part,
        1 as whole
    from dated_payments
    union all
    select
        'payment_success_rate_attempt' as measure,
        fact_date,
        'payment_method' as segment_type,
        payment_method as segment_value,
        case when is_paid then 1 else 0 end as part,
        1 as whole
    from dated_payments
    union all
    select
        'payment_success_rate_order' as measure,
        fact_date,
        'all' as segment_type,
        'all' as segment_value,
        case when count_paid > 0 then 1 else 0 end as part,
        1 as whole
    from paid_orders
    union all
    select
        'payment_method_share' as measure,
        fact_date,
        'payment_method' as segment_type,
        payment_method as segment_value,
        amount as part,
        amount as whole
    from dated_payments
    where is_paid
    union all
    select
        'installment_share' as measure,
        fact_date,
        'all' as segment_type,
        'all' as segment_value,
        case when has_installments then amount else cast(0 as decimal(18, 2)) end as part,
        amount as whole
    from dated_payments
    where is_paid
        and payment_method = 'card'
    union all
    select
        'discount_share' as measure,
        order_date as fact_date,
        'all' as segment_type,
        'all' as segment_value,
        case when discount_amount > 0 then net_amount else cast(0 as decimal(18, 2)) end as part,
        net_amount as whole
    from orders_fulfilled
    union all
    select
        'same_day_delivery_share' as measure,
        order_date as fact_date,
        'all' as segment_type,
        'all' as segment_value,
        case when delivered_date = order_date then 1 else 0 end as part,
        1 as whole
    from orders_fulfilled
    where count_shipments > 0
    union all
    select
        'on_time_delivery_rate' as measure,
        orders_fulfilled.promised_date as fact_date,
        'all' as segment_type,
        'all' as segment_value,
        case when orders_fulfilled.delivered_at <= orders_fulfilled.promised_at then 1 else 0 end as part,
        1 as whole
    from orders_fulfilled
    cross join parameters
    where orders_fulfilled.promised_at < parameters.as_of_at
        and orders_fulfilled.promised_date is not null
    union all
    select
        'return_rate' as measure,
        order_date as fact_date,
        'all' as segment_type,
        'all' as segment_value,
        case when has_return then 1 else 0 end as part,
        1 as whole
    from orders_fulfilled
    where delivered_at is not null
    union all
    select
        'checkout_rate' as measure,
        fact_date,
        'all' as segment_type,
        'all' as segment_value,
        case when has_checkout then 1 else 0 end as part,
        1 as whole
    from dated_carts
    union all
    select
        'cart_abandonment_rate' as measure,
        fact_date,
        'all' as segment_type,
        'all' as segment_value,
        case when status = 'abandoned' then 1 else 0 end as part,
        1 as whole
    from dated_carts
    union all
    select
        'checkout_abandonment_rate' as measure,
        fact_date,
        'all' as segment_type,
        'all' as segment_value,
        case when status = 'abandoned' then 1 else 0 end as part,
        1 as whole
    from dated_carts
    where has_checkout
    union all
    select
        'cart_recovery_rate' as measure,
        fact_date,
        'all' as segment_type,
        'all' as segment_value,
        case when status = 'recovered' then 1 else 0 end as part,
        1 as whole
    from dated_carts
    where status in ('abandoned', 'recovered')

),

final as (

    select
        measure,
        fact_date,
        segment_type,
        segment_value,
        cast(sum(part) as decimal(18, 2)) as part,
        cast(sum(whole) as decimal(18, 2)) as whole,
        count(*) as count_facts,
        -- carts are bought for a week, goods come back for a month
        case
            when measure = 'return_rate' then 30
            when measure in ('cart_abandonment_rate', 'checkout_abandonment_rate', 'cart_recovery_rate', 'checkout_rate') then 8
            when measure = 'same_day_delivery_share' then 1
            else 0
        end as settle_days
    from facts
    group by 1, 2, 3, 4

)

select * from final
