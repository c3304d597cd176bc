-- One row per customer with an order, scored over the whole history.
with

customers as (

    select
        customer_id,
        count_orders,
        net_amount,
        currency_code
    from customers
    where count_orders > 0

),

orders_counted as (

    select
        customer_id,
        order_date
    from int_orders_counted

),

parameters as (

    select as_of_date
    from run_parameters

),

segments as (

    select
        recency_score,
        frequency_score,
        segment
    from rfm_segment_map

),

last_orders as (

    select
        customer_id,
        max(order_date) as last_order_date
    from orders_counted
    group by 1

),

measured as (

    select
        customers.customer_id,
        date_diff('day', cast(last_orders.last_order_date as timestamp), cast(parameters.as_of_date as timestamp)) as days_since_last_purchase,
        customers.count_orders,
        customers.net_amount,
        customers.currency_code
    from customers
    inner join last_orders
        on customers.customer_id = last_orders.customer_id
    cross join parameters

),

ranked as (

    -- best last; the customer_id makes ties the same on every engine
    select
        *,
        row_number() over (order by days_since_last_purchase desc, customer_id asc) as recency_rank,
        row_number() over (order by count_orders asc, customer_id asc) as frequency_rank,
        row_number() over (order by net_amount asc, customer_id asc) as monetary_rank,
        count(*) over () as count_customers
    from measured

),

scored as (

    select
        *,
        1 + 5 * (recency_rank - 1) / nullif(count_customers, 0) as recency_score,
        1 + 5 * (frequency_rank - 1) / nullif(count_customers, 0) as frequency_score,
        1 + 5 * (monetary_rank - 1) / nullif(count_customers, 0) as monetary_score
    from ranked

),

final as (

    select
        scored.customer_id,
        scored.days_since_last_purchase,
        scored.count_orders,
        scored.net_amount,
        scored.currency_code,
        scored.recency_score,
        scored.frequency_score,
        scored.monetary_score,
        segments.segment
    from scored
    left join segments
        on scored.recency_score = segments.recency_score
        and scored.frequency_score = segments.frequency_score

)

select * from final
