-- One row per grain (month, quarter, year) and period.
with

retention as (

    select
        grain,
        period_start,
        count_active_at_start,
        count_active_at_start - count_lost as count_retained,
        is_complete
    from int_retention_by_period

),

final as (

    select
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(count_retained as double) / nullif(cast(count_active_at_start as double), 0) as value,
        cast(count_retained as double) as numerator,
        cast(count_active_at_start as double) as denominator,
        count_active_at_start as n,
        is_complete,
        case when count_active_at_start = 0 then 'no_denominator' end as null_reason
    from retention

)

select * from final
