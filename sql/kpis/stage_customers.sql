-- One row per lifecycle, grain (week to year), period from the first entry on, and segment.
with

periods as (

    select
        lifecycle_id,
        grain,
        segment_type,
        segment_value,
        period_start,
        is_complete,
        count_customers
    from int_stage_periods

),

final as (

    select
        lifecycle_id,
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(count_customers as double) as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        count_customers as n,
        is_complete,
        cast(null as varchar) as null_reason
    from periods

)

select * from final
