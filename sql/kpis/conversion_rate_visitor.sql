-- One row per grain (week to year) and period.
with

visitors_by_period as (

    select
        grain,
        period_start,
        count_with_order,
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
        cast(count_with_order as double) / nullif(cast(count_visitors as double), 0) as value,
        cast(count_with_order as double) as numerator,
        cast(count_visitors as double) as denominator,
        count_visitors as n,
        is_complete,
        case when count_visitors = 0 then 'no_denominator' end as null_reason
    from visitors_by_period

)

select * from final
