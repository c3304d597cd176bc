-- One row per grain (month, quarter, year), period and segment (all, marketing channel, country).
with

mrr as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(count_upsold as double) as numerator,
        cast(count_opening as double) as denominator,
        count_opening as n,
        is_complete
    from int_mrr_by_period

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        numerator / nullif(denominator, 0) as value,
        numerator,
        denominator,
        n,
        is_complete,
        case when denominator = 0 then 'no_denominator' end as null_reason
    from mrr

)

select * from final
