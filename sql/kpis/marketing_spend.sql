-- One row per grain, period and segment.
with

periods as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        spend_amount,
        count_rows,
        is_complete
    from int_spend_by_period

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(spend_amount as double) as value,
        cast(spend_amount as double) as numerator,
        cast(null as double) as denominator,
        count_rows as n,
        is_complete,
        cast(null as varchar) as null_reason
    from periods

)

select * from final
