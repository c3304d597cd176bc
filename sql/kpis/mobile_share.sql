-- One row per grain, period and segment.
with

periods as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        count_mobile,
        count_known_device,
        is_complete
    from int_visits_by_period

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(count_mobile as double) / nullif(cast(count_known_device as double), 0) as value,
        cast(count_mobile as double) as numerator,
        cast(count_known_device as double) as denominator,
        count_known_device as n,
        is_complete,
        case when count_known_device = 0 then 'no_denominator' end as null_reason
    from periods

)

select * from final
