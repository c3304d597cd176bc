-- One row per customer with a placed order.
with

first_orders as (

    select
        customer_id,
        order_date,
        ordered_at
    from int_orders_counted
    where order_number = 1

),

second_orders as (

    select
        customer_id,
        order_date
    from int_orders_counted
    where order_number = 2

),

customers as (

    select
        customer_id,
        acquisition_channel
    from customers

),

final as (

    select
        first_orders.customer_id,
        coalesce(customers.acquisition_channel, 'unknown') as acquisition_channel,
        first_orders.order_date as first_order_date,
        second_orders.order_date as second_order_date,
        first_orders.ordered_at as first_ordered_at
    from first_orders
    left join second_orders
        on first_orders.customer_id = second_orders.customer_id
    left join customers
        on first_orders.customer_id = customers.customer_id

)

select * from final
