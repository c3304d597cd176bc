-- One row per grain, period and segment (all, marketing channel).
with

visits_by_period as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        count_visits,
        is_complete
    from int_visits_by_period

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(count_visits as double) as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        count_visits as n,
        is_complete,
        cast(null as varchar) as null_reason
    from visits_by_period

)

select * from final
