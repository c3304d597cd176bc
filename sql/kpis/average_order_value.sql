-- One row per grain (week to year), period and segment (all, channel).
with

orders_by_period as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        placed_amount,
        count_priced_orders,
        is_complete
    from int_orders_by_period
    where grain <> 'day'
        and segment_type in ('all', 'channel')

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(placed_amount as double) / nullif(cast(count_priced_orders as double), 0) as value,
        cast(placed_amount as double) as numerator,
        cast(count_priced_orders as double) as denominator,
        count_priced_orders as n,
        is_complete,
        case when count_priced_orders = 0 then 'no_denominator' end as null_reason
    from orders_by_period

)

select * from final
