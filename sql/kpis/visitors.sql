-- One row per grain (week to year) and period.
with

visitors_by_period as (

    select
        grain,
        period_start,
        count_visitors,
        is_complete
    from int_visitors_by_period

),

final as (

    select
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(count_visitors as double) as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        count_visitors as n,
        is_complete,
        cast(null as varchar) as null_reason
    from visitors_by_period

)

select * from final
