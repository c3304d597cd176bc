-- One row per grain, period and segment.
with

periods as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        count_orders,
        sold_amount,
        refunded_amount,
        is_complete
    from int_orders_by_period

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(refunded_amount as double) / nullif(cast(sold_amount as double), 0) as value,
        cast(refunded_amount as double) as numerator,
        cast(sold_amount as double) as denominator,
        count_orders as n,
        is_complete,
        case when sold_amount = 0 then 'no_denominator' end as null_reason
    from periods

)

select * from final
