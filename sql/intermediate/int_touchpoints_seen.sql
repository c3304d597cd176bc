-- One row per touchpoint that rules see: before the as-of instant, orders counted once.
with

touchpoints as (

    select
        touchpoint_id,
        customer_id,
        event,
        channel,
        campaign_source,
        campaign_medium,
        campaign_name,
        order_id,
        product_id,
        category,
        properties,
        reporting_amount,
        occurred_at
    from touchpoints

),

parameters as (

    select as_of_at
    from run_parameters

),

customer_keys as (

    select
        customer_id,
        customer_key
    from int_customer_keys

),

order_lines as (

    select
        touchpoint_id,
        is_seen,
        order_amount
    from int_order_lines_folded

),

without_order as (

    select
        touchpoint_id,
        customer_id,
        event,
        channel,
        campaign_source,
        campaign_medium,
        campaign_name,
        product_id,
        category,
        properties,
        reporting_amount as amount,
        occurred_at
    from touchpoints
    where coalesce(order_id, '') = ''
        and event <> 'order_completed'

),

of_orders as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.event,
        touchpoints.channel,
        touchpoints.campaign_source,
        touchpoints.campaign_medium,
        touchpoints.campaign_name,
        touchpoints.product_id,
        touchpoints.category,
        touchpoints.properties,
        case when order_lines.is_seen then order_lines.order_amount else touchpoints.reporting_amount end as amount,
        touchpoints.occurred_at
    from touchpoints
    left join order_lines
        on touchpoints.touchpoint_id = order_lines.touchpoint_id
    where (coalesce(touchpoints.order_id, '') <> '' or touchpoints.event = 'order_completed')
        and coalesce(order_lines.is_seen, true)

),

all_seen as (

    select * from without_order
    union all
    select * from of_orders

),

final as (

    select
        all_seen.touchpoint_id,
        customer_keys.customer_key,
        all_seen.event,
        all_seen.channel,
        all_seen.campaign_source,
        all_seen.campaign_medium,
        all_seen.campaign_name,
        all_seen.product_id,
        all_seen.category,
        all_seen.properties,
        all_seen.amount,
        all_seen.occurred_at
    from all_seen
    cross join parameters
    inner join customer_keys
        on all_seen.customer_id = customer_keys.customer_id
    where all_seen.occurred_at < parameters.as_of_at

)

select * from final
