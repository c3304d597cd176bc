-- One row per refund or cancellation without a known order: it stands at its own date.
with

order_events as (

    select
        touchpoint_id,
        customer_id,
        event,
        order_id,
        reporting_amount,
        occurred_at
    from int_order_events

),

known_orders as (

    select order_id
    from orders

),

final as (

    select
        order_events.touchpoint_id,
        order_events.customer_id,
        order_events.event,
        coalesce(order_events.reporting_amount, cast(0 as decimal(18, 2))) as reversed_amount,
        order_events.occurred_at
    from order_events
    left join known_orders
        on order_events.order_id = known_orders.order_id
    where order_events.event in ('order_refunded', 'order_cancelled')
        and known_orders.order_id is null

)

select * from final
