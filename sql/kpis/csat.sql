-- One row per grain (week to year), period from the first answer to the as-of period, and segment.
with

outcomes as (

    select
        grain,
        period_start,
        case when measure = 'csat_mean' then 'measure' else segment_type end as segment_type,
        case when measure = 'csat_mean' then 'mean' else segment_value end as segment_value,
        value_sum,
        square_sum,
        count_mature,
        is_complete
    from int_experience_by_period
    where measure = 'csat'
        or (measure = 'csat_mean' and segment_type = 'all')

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

    -- Wilson's interval of a share at 95 %; 3.8416 is the square of 1.96
    select
        *,
        (value + 1.9208e0 / nullif(answers, 0)) / nullif(1 + 3.8416e0 / nullif(answers, 0), 0) as centre,
        1.96e0 * sqrt(
            greatest(value * (1 - value), 0e0) / nullif(answers, 0) + 0.9604e0 / nullif(answers * answers, 0)
        ) / nullif(1 + 3.8416e0 / nullif(answers, 0), 0) as margin
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
        case when margins.segment_type <> 'measure' then least(margins.centre - margins.margin, margins.value) end as lower,
        case when margins.segment_type <> 'measure' then greatest(margins.centre + margins.margin, margins.value) end as upper
    from margins
    cross join lifecycles

)

select * from final
