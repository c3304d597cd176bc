-- One row per grain (month, quarter, year) and period of the order.
with

orders_by_period as (

    select
        grain,
        period_start,
        count_orders,
        sold_amount,
        refunded_amount
    from int_orders_by_period
    where grain in ('month', 'quarter', 'year')
        and segment_type = 'all'

),

last_days as (

    select
        grain,
        period_start,
        max(calendar_date) as last_date
    from int_day_periods
    where grain in ('month', 'quarter', 'year')
    group by 1, 2

),

last_complete_day as (

    select max(period_start) as calendar_date
    from int_periods
    where grain = 'day'
        and is_complete

),

final as (

    -- refunds go on coming in after the period's end: 30 days later it is taken as told
    select
        orders_by_period.grain,
        orders_by_period.period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(orders_by_period.refunded_amount as double)
            / nullif(cast(orders_by_period.sold_amount as double), 0) as value,
        cast(orders_by_period.refunded_amount as double) as numerator,
        cast(orders_by_period.sold_amount as double) as denominator,
        orders_by_period.count_orders as n,
        coalesce(
            cast(date_add('day', 30, last_days.last_date) as date) <= last_complete_day.calendar_date,
            false
        ) as is_complete,
        case when orders_by_period.sold_amount = 0 then 'no_denominator' end as null_reason
    from orders_by_period
    cross join last_complete_day
    inner join last_days
        on orders_by_period.grain = last_days.grain
        and orders_by_period.period_start = last_days.period_start

)

select * from final
