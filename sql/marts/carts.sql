-- One row per cart that a product was put into, or that a checkout was started with.
with

touchpoints as (

    select
        touchpoint_id,
        customer_id,
        event,
        order_id,
        quantity,
        occurred_at,
        properties
    from touchpoints
    where event in ('product_added', 'product_removed', 'cart_viewed', 'checkout_started', 'order_completed')

),

parameters as (

    select as_of_at
    from run_parameters

),

orders as (

    select
        order_id,
        customer_id,
        ordered_at
    from orders
    where status <> 'empty'

),

seen as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.event,
        touchpoints.order_id,
        coalesce(touchpoints.quantity, cast(1 as decimal(18, 4))) as quantity,
        touchpoints.occurred_at,
        json_extract_scalar(touchpoints.properties, '$.checkout_id') as checkout_id,
        coalesce(
            json_extract_scalar(touchpoints.properties, '$.cart_id'),
            json_extract_scalar(touchpoints.properties, '$.checkout_id')
        ) as cart_id
    from touchpoints
    cross join parameters
    where touchpoints.occurred_at < parameters.as_of_at

),

cart_events as (

    select
        *,
        row_number() over (
            partition by cart_id
            order by occurred_at asc, touchpoint_id asc
        ) as position_in_cart
    from seen
    where event <> 'order_completed'
        and cart_id is not null

),

filled as (

    select
        cart_id,
        min(case when position_in_cart = 1 then customer_id end) as customer_id,
        min(occurred_at) as created_at,
        max(occurred_at) as last_activity_at,
        min(case when event = 'checkout_started' then occurred_at end) as checkout_started_at,
        count_if(event = 'product_added') as count_added,
        sum(case event
            when 'product_added' then quantity
            when 'product_removed' then -quantity
            else cast(0 as decimal(18, 4))
        end) as quantity_left
    from cart_events
    group by 1
    having count_if(event in ('product_added', 'checkout_started')) > 0

),

named_orders as (

    -- the checkout names the order, or the order the checkout
    select
        cart_events.cart_id,
        cart_events.order_id
    from cart_events
    where cart_events.event = 'checkout_started'
        and cart_events.order_id is not null
    union
    select
        cart_events.cart_id,
        seen.order_id
    from cart_events
    inner join seen
        on cart_events.checkout_id = seen.checkout_id
    where cart_events.event = 'checkout_started'
        and seen.event = 'order_completed'
        and seen.order_id is not null

),

timeline as (

    -- an order that no checkout names is that of the customer's latest cart before it, on whatever device
    select
        customer_id,
        created_at as happened_at,
        0 as kind,
        cart_id as id
    from filled
    union all
    select
        orders.customer_id,
        orders.ordered_at as happened_at,
        1 as kind,
        orders.order_id as id
    from orders
    left join named_orders
        on orders.order_id = named_orders.order_id
    where named_orders.order_id is null

),

counted as (

    select
        *,
        cast(sum(1 - kind) over (
            partition by customer_id
            order by happened_at asc, kind asc, id asc
            rows between unbounded preceding and current row
        ) as bigint) as cart_number
    from timeline

),

cart_orders as (

    select
        named_orders.cart_id,
        orders.order_id,
        orders.ordered_at,
        0 as priority
    from named_orders
    inner join orders
        on named_orders.order_id = orders.order_id
    union all
    select
        carts.id as cart_id,
        counted.id as order_id,
        counted.happened_at as ordered_at,
        1 as priority
    from counted
    inner join counted as carts
        on counted.customer_id = carts.customer_id
        and counted.cart_number = carts.cart_number
        and carts.kind = 0
    where counted.kind = 1

),

first_orders as (

    select
        cart_id,
        order_id,
        ordered_at,
        row_number() over (
            partition by cart_id
            order by priority asc, ordered_at asc, order_id asc
        ) as position_in_cart
    from cart_orders

),

ordered as (

    -- after seven days without a sign of the cart an order is another matter
    select
        filled.cart_id,
        filled.customer_id,
        filled.created_at,
        filled.last_activity_at,
        filled.checkout_started_at,
        filled.count_added,
        filled.quantity_left,
        first_orders.order_id,
        first_orders.ordered_at
    from filled
    left join first_orders
        on filled.cart_id = first_orders.cart_id
        and first_orders.position_in_cart = 1
        and first_orders.ordered_at <= cast(date_add('day', 7, filled.last_activity_at) as timestamp)

),

final as (

    select
        ordered.cart_id,
        ordered.customer_id,
        ordered.created_at,
        ordered.last_activity_at,
        ordered.checkout_started_at,
        ordered.order_id,
        ordered.ordered_at,
        case
            when ordered.ordered_at <= cast(date_add('hour', 24, ordered.last_activity_at) as timestamp) then 'ordered'
            when ordered.ordered_at is not null then 'recovered'
            when ordered.count_added > 0 and ordered.quantity_left <= 0 then 'emptied'
            when cast(date_add('hour', 24, ordered.last_activity_at) as timestamp) >= parameters.as_of_at then 'open'
            else 'abandoned'
        end as status
    from ordered
    cross join parameters

)

select * from final
