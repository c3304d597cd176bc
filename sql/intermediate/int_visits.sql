-- One row per customer and session that began before the cut, with what happened in it.
with

starts as (

    -- only the touchpoint that began a visit carries a marketing channel
    select
        customer_id,
        session_id,
        channel,
        marketing_channel,
        device_type,
        occurred_at
    from touchpoints
    where marketing_channel is not null
        and session_id is not null

),

adds as (

    select
        customer_id,
        session_id,
        occurred_at
    from touchpoints
    where event = 'product_added'
        and session_id is not null

),

order_events as (

    select
        customer_id,
        session_id,
        order_id
    from int_order_events
    where event = 'order_completed'
        and session_id is not null

),

orders_counted as (

    select order_id
    from int_orders_counted

),

parameters as (

    select as_of_at
    from run_parameters

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

with_add as (

    select distinct
        adds.customer_id,
        adds.session_id
    from adds
    cross join parameters
    where adds.occurred_at < parameters.as_of_at

),

with_order as (

    select distinct
        order_events.customer_id,
        order_events.session_id
    from order_events
    inner join orders_counted
        on order_events.order_id = orders_counted.order_id

),

final as (

    select
        starts.customer_id,
        starts.session_id,
        starts.marketing_channel,
        case
            when starts.device_type is not null then starts.device_type = 'mobile'
            when starts.channel = 'mobile' then true
        end as is_mobile,
        with_order.session_id is not null as has_order,
        with_add.session_id is not null as has_add,
        local_slots.local_date as visit_date,
        starts.occurred_at as started_at
    from starts
    cross join parameters
    inner join local_slots
        on cast(floor(to_unixtime(starts.occurred_at) / 900) as bigint) = local_slots.slot
    left join with_order
        on starts.customer_id = with_order.customer_id
        and starts.session_id = with_order.session_id
    left join with_add
        on starts.customer_id = with_add.customer_id
        and starts.session_id = with_add.session_id
    where starts.occurred_at < parameters.as_of_at

)

select * from final
