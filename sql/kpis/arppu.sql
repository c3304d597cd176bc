-- One row per grain (week to year) and period.
with

orders_by_period as (

    select
        grain,
        period_start,
        placed_amount,
        is_complete
    from int_orders_by_period
    where grain <> 'day'
        and segment_type = 'all'

),

buyers_by_period as (

    select
        grain,
        period_start,
        count_buyers
    from int_buyers_by_period

),

joined as (

    select
        orders_by_period.grain,
        orders_by_period.period_start,
        orders_by_period.placed_amount,
        coalesce(buyers_by_period.count_buyers, 0) as count_buyers,
        orders_by_period.is_complete
    from orders_by_period
    left join buyers_by_period
        on orders_by_period.grain = buyers_by_period.grain
        and orders_by_period.period_start = buyers_by_period.period_start

),

final as (

    select
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(placed_amount as double) / nullif(cast(count_buyers as double), 0) as value,
        cast(placed_amount as double) as numerator,
        cast(count_buyers as double) as denominator,
        count_buyers as n,
        is_complete,
        case when count_buyers = 0 then 'no_denominator' end as null_reason
    from joined

)

select * from final
