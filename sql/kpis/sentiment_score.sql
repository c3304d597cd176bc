-- One row per grain (week to year), period from the first sentiment to the as-of period, and segment.
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
    where measure = 'sentiment_score'

),

lifecycles as (

    -- the one that surveys are held against
    select lifecycle_id
    from lifecycles
    where position = 1

),

final as (

    select
        case when outcomes.segment_type = 'stage' then lifecycles.lifecycle_id end as lifecycle_id,
        outcomes.grain,
        outcomes.period_start,
        outcomes.segment_type,
        outcomes.segment_value,
        outcomes.value_sum / nullif(cast(outcomes.count_mature as double), 0) as value,
        outcomes.value_sum as numerator,
        cast(outcomes.count_mature as double) as denominator,
        outcomes.count_mature as n,
        outcomes.is_complete,
        case
            when outcomes.count_mature = 0 and outcomes.count_immature > 0 then 'not_mature'
            when outcomes.count_mature = 0 then 'no_denominator'
        end as null_reason
    from outcomes
    cross join lifecycles

)

select * from final
