-- One row per grain (week to year), period and segment (all, marketing channel).
with

new_customers as (

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
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        count_new_customers as n,
        is_complete,
        cast(null as varchar) as null_reason
    from new_customers

)

select * from final
