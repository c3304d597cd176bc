-- One row per order touchpoint that rules do not see as it was received.
with

touchpoints as (

    select
        touchpoint_id,
        customer_id,
        event,
        order_id,
        reporting_amount,
        occurred_at
    from touchpoints

),

orders as (

    select
        order_id,
        status
    from orders

),

parameters as (

    select as_of_at
    from run_parameters

),

of_orders as (

    -- a completed order without an order_id is its own order
    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.event,
        touchpoints.order_id,
        case
            when touchpoints.event = 'order_completed'
                then coalesce(touchpoints.order_id, touchpoints.touchpoint_id)
        end as completed_order_id,
        touchpoints.reporting_amount,
        touchpoints.occurred_at
    from touchpoints
    cross join parameters
    where touchpoints.occurred_at < parameters.as_of_at
        and (touchpoints.order_id <> '' or touchpoints.event = 'order_completed')

),

uncounted_orders as (

    select order_id
    from orders
    where status <> 'placed'

),

counted as (

    select
        of_orders.touchpoint_id,
        of_orders.customer_id,
        of_orders.event,
        of_orders.order_id,
        of_orders.reporting_amount,
        of_orders.occurred_at,
        uncounted_orders.order_id is null as is_counted
    from of_orders
    left join uncounted_orders
        on of_orders.completed_order_id = uncounted_orders.order_id

),

repeated as (

    -- most orders are one touchpoint: ranking only the others keeps the sort small
    select
        customer_id,
        event,
        order_id
    from counted
    where is_counted
        and order_id <> ''
    group by 1, 2, 3
    having count(*) > 1

),

lines as (

    select
        counted.touchpoint_id,
        row_number() over (
            partition by counted.customer_id, counted.event, counted.order_id
            order by counted.occurred_at asc, counted.touchpoint_id asc
        ) as line_number,
        sum(counted.reporting_amount) over (
            partition by counted.customer_id, counted.event, counted.order_id
        ) as order_amount
    from counted
    inner join repeated
        on counted.customer_id = repeated.customer_id
        and counted.event = repeated.event
        and counted.order_id = repeated.order_id
    where counted.is_counted

),

final as (

    select
        touchpoint_id,
        line_number = 1 as is_seen,
        case when line_number = 1 then cast(order_amount as decimal(18, 2)) end as order_amount
    from lines
    union all
    select
        touchpoint_id,
        false as is_seen,
        cast(null as decimal(18, 2)) as order_amount
    from counted
    where not is_counted

)

select * from final
