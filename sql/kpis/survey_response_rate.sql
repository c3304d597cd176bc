-- One row per grain (week to year), period from the first send to the as-of period, and segment.
with

outcomes as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        value_sum,
        count_mature,
        count_immature,
        is_complete
    from int_experience_by_period
    where measure = 'survey_response_rate'

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        value_sum / nullif(cast(count_mature as double), 0) as value,
        value_sum as numerator,
        cast(count_mature as double) as denominator,
        count_mature as n,
        is_complete,
        case
            when count_mature = 0 and count_immature > 0 then 'not_mature'
            when count_mature = 0 then 'no_denominator'
        end as null_reason
    from outcomes

)

select * from final
