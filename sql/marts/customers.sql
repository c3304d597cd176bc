-- One row per customer with a touchpoint before the as-of instant.
with

touchpoints as (

    select
        touchpoint_id,
        customer_id,
        marketing_channel,
        campaign_name,
        country,
        occurred_at
    from touchpoints

),

parameters as (

    select
        as_of_at,
        reporting_currency
    from run_parameters

),

orders as (

    select
        customer_id,
        net_amount
    from orders

),

orders_counted as (

    select
        customer_id,
        ordered_at,
        order_date
    from int_orders_counted

),

reversals as (

    select
        customer_id,
        reversed_amount
    from int_unmatched_reversals

),

touched as (

    select
        touchpoints.customer_id,
        min(touchpoints.occurred_at) as first_touch_at,
        max(touchpoints.occurred_at) as last_touch_at,
        min(touchpoints.country) as low_country,
        max(touchpoints.country) as high_country,
        max(case when touchpoints.country is not null then touchpoints.occurred_at end) as last_place_at
    from touchpoints
    cross join parameters
    where touchpoints.occurred_at < parameters.as_of_at
    group by 1

),

arrivals as (

    select
        touchpoints.customer_id,
        touchpoints.marketing_channel,
        touchpoints.campaign_name,
        row_number() over (
            partition by touchpoints.customer_id
            order by touchpoints.occurred_at asc, touchpoints.touchpoint_id asc
        ) as arrival_number
    from touchpoints
    cross join parameters
    where touchpoints.marketing_channel is not null
        and touchpoints.occurred_at < parameters.as_of_at

),

several_countries as (

    select
        customer_id,
        last_place_at
    from touched
    where low_country <> high_country

),

places as (

    -- most customers were in one country only; the others' are ranked among those of the last instant, which are few
    select
        touchpoints.customer_id,
        touchpoints.country,
        row_number() over (
            partition by touchpoints.customer_id
            order by touchpoints.touchpoint_id desc
        ) as place_number
    from touchpoints
    inner join several_countries
        on touchpoints.customer_id = several_countries.customer_id
        and touchpoints.occurred_at = several_countries.last_place_at
    where touchpoints.country is not null

),

bought as (

    select
        customer_id,
        min(ordered_at) as first_order_at,
        max(ordered_at) as last_order_at,
        cast(date_trunc('month', min(order_date)) as date) as cohort_month,
        count(*) as count_orders
    from orders_counted
    group by 1

),

amounts as (

    select customer_id, net_amount as changed_amount
    from orders
    where net_amount is not null
    union all
    select customer_id, -reversed_amount as changed_amount
    from reversals

),

earned as (

    select
        customer_id,
        cast(sum(changed_amount) as decimal(18, 2)) as net_amount
    from amounts
    group by 1

),

final as (

    select
        touched.customer_id,
        touched.first_touch_at,
        bought.first_order_at,
        touched.last_touch_at,
        bought.last_order_at,
        arrivals.marketing_channel as acquisition_channel,
        arrivals.campaign_name as acquisition_campaign,
        coalesce(places.country, touched.low_country) as country,
        bought.cohort_month,
        coalesce(bought.count_orders, 0) as count_orders,
        coalesce(earned.net_amount, cast(0 as decimal(18, 2))) as net_amount,
        parameters.reporting_currency as currency_code
    from touched
    cross join parameters
    left join bought
        on touched.customer_id = bought.customer_id
    left join earned
        on touched.customer_id = earned.customer_id
    left join arrivals
        on touched.customer_id = arrivals.customer_id
        and arrivals.arrival_number = 1
    left join places
        on touched.customer_id = places.customer_id
        and places.place_number = 1

)

select * from final
