-- One row per grain, period and segment.
with

periods as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        count_priced_orders,
        placed_amount,
        is_complete
    from int_orders_by_period

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
    from periods

)

select * from final
