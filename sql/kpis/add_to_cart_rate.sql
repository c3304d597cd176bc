-- One row per grain, period and segment.
with

periods as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        count_visits,
        count_with_add,
        is_complete
    from int_visits_by_period

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(count_with_add as double) / nullif(cast(count_visits as double), 0) as value,
        cast(count_with_add as double) as numerator,
        cast(count_visits as double) as denominator,
        count_visits as n,
        is_complete,
        case when count_visits = 0 then 'no_denominator' end as null_reason
    from periods

)

select * from final
