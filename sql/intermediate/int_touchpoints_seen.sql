-- One row per touchpoint or month of a subscription that rules see: before the as-of instant, orders counted once.
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

order_lines as (

    select
        touchpoint_id,
        is_seen,
        order_amount
    from int_order_lines_folded

),

periods as (

    select
        touchpoint_id,
        customer_id,
        starts_at,
        properties
    from subscription_periods

),

final as (

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
        touchpoints.occurred_at,
        false as is_derived
    from touchpoints
    cross join parameters
    left join order_lines
        on touchpoints.touchpoint_id = order_lines.touchpoint_id
    where touchpoints.occurred_at < parameters.as_of_at
        and coalesce(order_lines.is_seen, true)
    union all
    select
        touchpoint_id,
        customer_id,
        'subscription_period_started' as event,
        'system' as channel,
        cast(null as varchar) as campaign_source,
        cast(null as varchar) as campaign_medium,
        cast(null as varchar) as campaign_name,
        cast(null as varchar) as product_id,
        cast(null as varchar) as category,
        properties,
        cast(null as decimal(18, 2)) as amount,
        starts_at as occurred_at,
        true as is_derived
    from periods

)

select * from final
