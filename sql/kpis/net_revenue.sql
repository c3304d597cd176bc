-- One row per grain, period and segment.
with

periods as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        count_orders,
        net_amount,
        is_complete
    from int_orders_by_period

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(net_amount as double) as value,
        cast(net_amount as double) as numerator,
        cast(null as double) as denominator,
        count_orders as n,
        is_complete,
        cast(null as varchar) as null_reason
    from periods

)

select * from final
