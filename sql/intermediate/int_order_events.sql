-- One row per order touchpoint that the run may see, with the order it speaks of.
with

touchpoints as (

    select
        touchpoint_id,
        customer_id,
        session_id,
        event,
        channel,
        marketing_channel,
        order_id,
        country,
        currency_code,
        quantity,
        amount,
        reporting_amount,
        occurred_at
    from touchpoints
    where event in ('order_completed', 'order_refunded', 'order_cancelled')

),

parameters as (

    select as_of_at
    from run_parameters

),

final as (

    -- a completed order without an order_id is its own order; a reversal without one speaks of none
    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.session_id,
        touchpoints.event,
        touchpoints.channel,
        touchpoints.marketing_channel,
        case
            when touchpoints.event = 'order_completed' then coalesce(touchpoints.order_id, touchpoints.touchpoint_id)
            else touchpoints.order_id
        end as order_id,
        touchpoints.country,
        touchpoints.currency_code,
        touchpoints.quantity,
        touchpoints.amount,
        touchpoints.reporting_amount,
        touchpoints.occurred_at
    from touchpoints
    cross join parameters
    where touchpoints.occurred_at < parameters.as_of_at

)

select * from final
