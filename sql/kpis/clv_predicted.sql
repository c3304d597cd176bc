-- One row per grain (month, quarter, year), period of the first order and segment.
with

cohorts as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        count_customers,
        clv_amount,
        is_complete,
        value_null_reason
    from int_values_by_cohort

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(clv_amount as double) / nullif(cast(count_customers as double), 0) as value,
        cast(clv_amount as double) as numerator,
        cast(count_customers as double) as denominator,
        count_customers as n,
        is_complete,
        value_null_reason as null_reason
    from cohorts

)

select * from final
