-- One row per order that counts, with its local day.
with

orders as (

    select
        order_id,
        customer_id,
        ordered_at,
        channel,
        marketing_channel,
        order_number,
        coalesce(gross_amount, cast(0 as decimal(18, 2))) as gross_amount,
        coalesce(net_amount, cast(0 as decimal(18, 2))) as net_amount
    from orders
    where status = 'placed'

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

final as (

    select
        orders.order_id,
        orders.customer_id,
        orders.ordered_at,
        orders.channel,
        orders.marketing_channel,
        orders.order_number,
        orders.gross_amount,
        orders.net_amount,
        local_slots.local_date as order_date
    from orders
    inner join local_slots
        on cast(floor(to_unixtime(orders.ordered_at) / 900) as bigint) = local_slots.slot

)

select * from final
