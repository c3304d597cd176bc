-- One row per grain (month, quarter, year), period of the first order and segment: what customers of it are to bring.
with

first_orders as (

    select
        customer_id,
        acquisition_channel,
        first_order_date
    from int_customer_first_orders

),

customer_values as (

    -- as decimals, because a sum of doubles depends on its order
    select
        customer_id,
        cast(alive_probability as decimal(18, 8)) as alive_probability,
        cast(expected_orders as decimal(18, 8)) as expected_orders,
        clv_amount
    from customer_values

),

new_customers as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        is_complete
    from int_new_customers_by_period
    where grain in ('month', 'quarter', 'year')

),

day_periods as (

    select
        calendar_date,
        grain,
        period_start
    from int_day_periods
    where grain in ('month', 'quarter', 'year')

),

models as (

    select
        purchase_reason,
        null_reason
    from int_value_models_used

),

by_day as (

    select
        first_orders.first_order_date,
        first_orders.acquisition_channel,
        count(*) as count_customers,
        sum(customer_values.alive_probability) as alive_customers,
        sum(customer_values.expected_orders) as expected_orders,
        sum(customer_values.clv_amount) as clv_amount
    from first_orders
    inner join customer_values
        on first_orders.customer_id = customer_values.customer_id
    group by 1, 2

),

by_segment as (

    select *, 'all' as segment_type, 'all' as segment_value from by_day
    union all
    select *, 'marketing_channel' as segment_type, acquisition_channel as segment_value from by_day

),

sums as (

    select
        day_periods.grain,
        day_periods.period_start,
        by_segment.segment_type,
        by_segment.segment_value,
        cast(sum(by_segment.count_customers) as bigint) as count_customers,
        cast(sum(by_segment.alive_customers) as double) as alive_customers,
        cast(sum(by_segment.expected_orders) as double) as expected_orders,
        cast(sum(by_segment.clv_amount) as decimal(18, 2)) as clv_amount
    from by_segment
    inner join day_periods
        on by_segment.first_order_date = day_periods.calendar_date
    group by 1, 2, 3, 4

),

final as (

    select
        new_customers.grain,
        new_customers.period_start,
        new_customers.segment_type,
        new_customers.segment_value,
        coalesce(sums.count_customers, 0) as count_customers,
        sums.alive_customers,
        sums.expected_orders,
        sums.clv_amount,
        new_customers.is_complete,
        case when sums.alive_customers is null then coalesce(models.purchase_reason, 'no_denominator') end
            as orders_null_reason,
        case when sums.clv_amount is null then coalesce(models.null_reason, 'no_denominator') end
            as value_null_reason
    from new_customers
    cross join models
    left join sums
        on new_customers.grain = sums.grain
        and new_customers.period_start = sums.period_start
        and new_customers.segment_type = sums.segment_type
        and new_customers.segment_value = sums.segment_value

)

select * from final
