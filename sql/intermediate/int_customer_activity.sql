-- One row per customer and local day with the activity that the project counts.
with

orders_counted as (

    select
        customer_id,
        order_date
    from int_orders_counted

),

parameters as (

    select
        as_of_at,
        activity_event
    from run_parameters

),

touchpoints as (

    select
        customer_id,
        event,
        occurred_at
    from touchpoints

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

by_orders as (

    select
        orders_counted.customer_id,
        orders_counted.order_date as activity_date
    from orders_counted
    cross join parameters
    where parameters.activity_event = 'order_completed'

),

by_events as (

    select
        touchpoints.customer_id,
        local_slots.local_date as activity_date
    from touchpoints
    cross join parameters
    inner join local_slots
        on cast(floor(to_unixtime(touchpoints.occurred_at) / 900) as bigint) = local_slots.slot
    where parameters.activity_event <> 'order_completed'
        and touchpoints.event = parameters.activity_event
        and touchpoints.occurred_at < parameters.as_of_at

),

final as (

    select customer_id, activity_date from by_orders
    union
    select customer_id, activity_date from by_events

)

select * from final
