-- One row per grain, period and segment.
with

periods as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        count_new_customers,
        is_complete
    from int_new_customers_by_period

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(count_new_customers as double) as value,
        cast(count_new_customers as double) as numerator,
        cast(null as double) as denominator,
        count_new_customers as n,
        is_complete,
        cast(null as varchar) as null_reason
    from periods

)

select * from final
