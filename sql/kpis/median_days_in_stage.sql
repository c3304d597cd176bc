-- One row per lifecycle, grain (month to year), period of entry and stage.
with

periods as (

    select
        lifecycle_id,
        grain,
        segment_type,
        segment_value,
        stage_rank,
        period_start,
        is_complete
    from int_stage_periods
    where grain in ('month', 'quarter', 'year')
        and stage_rank > 0

),

medians as (

    select
        grain,
        lifecycle_number,
        stage_rank,
        period_start,
        count_durations,
        median_days,
        is_settled
    from int_duration_medians
    where measure = 'in_stage'

),

lifecycles as (

    select
        lifecycle_id,
        position
    from lifecycles

),

joined as (

    select
        periods.lifecycle_id,
        periods.grain,
        periods.segment_type,
        periods.segment_value,
        periods.period_start,
        periods.is_complete and coalesce(medians.is_settled, true) as is_complete,
        coalesce(medians.count_durations, 0) as count_stays,
        medians.median_days
    from periods
    inner join lifecycles
        on periods.lifecycle_id = lifecycles.lifecycle_id
    left join medians
        on lifecycles.position = medians.lifecycle_number
        and periods.stage_rank = medians.stage_rank
        and periods.grain = medians.grain
        and periods.period_start = medians.period_start

),

final as (

    select
        lifecycle_id,
        grain,
        period_start,
        segment_type,
        segment_value,
        median_days as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        count_stays as n,
        is_complete,
        case
            when median_days is null and count_stays > 0 then 'not_mature'
            when median_days is null then 'no_data'
        end as null_reason
    from joined

)

select * from final
