-- One row per month from the first MRR on.
with

retention as (

    select
        month_start,
        count_customers,
        cast(mrr_without_growth as double) as numerator,
        cast(mrr_before as double) as denominator,
        is_too_early,
        is_complete
    from mrr_retention

),

final as (

    select
        'month' as grain,
        month_start as period_start,
        'all' as segment_type,
        'all' as segment_value,
        numerator / nullif(denominator, 0) as value,
        numerator,
        denominator,
        count_customers as n,
        is_complete,
        case
            when denominator = 0 and is_too_early then 'not_mature'
            when denominator = 0 then 'no_denominator'
        end as null_reason
    from retention

)

select * from final
