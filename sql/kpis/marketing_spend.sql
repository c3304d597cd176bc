-- One row per grain, period and segment (all, marketing channel).
with

spend_by_period as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        spend_amount,
        count_rows,
        is_complete
    from int_spend_by_period
    where grain <> 'day'

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(spend_amount as double) as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        count_rows as n,
        is_complete,
        cast(null as varchar) as null_reason
    from spend_by_period

)

select * from final
