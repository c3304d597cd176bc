-- One row per grain (month, quarter, year) and period: the state at its end.
with

new_customers as (

    select
        grain,
        period_start,
        count_new_customers,
        is_complete
    from int_new_customers_by_period
    where grain in ('month', 'quarter', 'year')
        and segment_type = 'all'

),

orders_by_period as (

    select
        grain,
        period_start,
        net_amount
    from int_orders_by_period
    where segment_type = 'all'

),

earned as (

    select
        grain,
        period_start,
        sum(net_amount) over (
            partition by grain
            order by period_start asc
            rows between unbounded preceding and current row
        ) as net_amount_to_date
    from orders_by_period

),

customers as (

    select
        grain,
        period_start,
        cast(sum(count_new_customers) over (
            partition by grain
            order by period_start asc
            rows between unbounded preceding and current row
        ) as bigint) as count_customers,
        is_complete
    from new_customers

),

final as (

    select
        customers.grain,
        customers.period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(earned.net_amount_to_date as double)
            / nullif(cast(customers.count_customers as double), 0) as value,
        cast(earned.net_amount_to_date as double) as numerator,
        cast(customers.count_customers as double) as denominator,
        customers.count_customers as n,
        customers.is_complete,
        case when customers.count_customers = 0 then 'no_denominator' end as null_reason
    from customers
    inner join earned
        on customers.grain = earned.grain
        and customers.period_start = earned.period_start

)

select * from final
