-- One row per grain (week to year), period and segment (all, marketing channel).
with

visits_by_period as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        count_with_order,
        count_visits,
        is_complete
    from int_visits_by_period
    where grain <> 'day'

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(count_with_order as double) / nullif(cast(count_visits as double), 0) as value,
        cast(count_with_order as double) as numerator,
        cast(count_visits as double) as denominator,
        count_visits as n,
        is_complete,
        case when count_visits = 0 then 'no_denominator' end as null_reason
    from visits_by_period

)

select * from final
