-- One row per grain, period and segment (all, marketing channel, channel).
with

orders_by_period as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        count_orders,
        is_complete
    from int_orders_by_period

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(count_orders as double) as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        count_orders as n,
        is_complete,
        cast(null as varchar) as null_reason
    from orders_by_period

)

select * from final
