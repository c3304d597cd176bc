-- One row per grain (month, quarter, year), period and segment (all, marketing channel, country).
with

mrr as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        new_mrr,
        count_new,
        is_complete
    from int_mrr_by_period

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(new_mrr as double) as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        count_new as n,
        is_complete,
        cast(null as varchar) as null_reason
    from mrr

)

select * from final
