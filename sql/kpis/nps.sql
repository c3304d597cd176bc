-- One row per grain (week to year), period from the first answer to the as-of period, and segment.
with

outcomes as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        value_sum,
        square_sum,
        count_mature,
        is_complete
    from int_experience_by_period
    where measure = 'nps'

),

lifecycles as (

    -- the one that surveys are held against
    select lifecycle_id
    from lifecycles
    where position = 1

),

measured as (

    select
        *,
        value_sum / nullif(cast(count_mature as double), 0) as value,
        cast(count_mature as double) as answers
    from outcomes

),

margins as (

    -- of a mean, at 95 %
    select
        *,
        1.96e0 * sqrt(
            greatest(square_sum / nullif(answers, 0) - value * value, 0e0) / nullif(answers, 0)
        ) as margin
    from measured

),

final as (

    select
        case when margins.segment_type = 'stage' then lifecycles.lifecycle_id end as lifecycle_id,
        margins.grain,
        margins.period_start,
        margins.segment_type,
        margins.segment_value,
        margins.value,
        margins.value_sum as numerator,
        cast(margins.count_mature as double) as denominator,
        margins.count_mature as n,
        margins.is_complete,
        case when margins.count_mature = 0 then 'no_denominator' end as null_reason,
        greatest(margins.value - margins.margin, -100e0) as lower,
        least(margins.value + margins.margin, 100e0) as upper
    from margins
    cross join lifecycles

)

select * from final
