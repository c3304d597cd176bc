-- One row per lifecycle with both phases of value, grain (month to year) and period of entry.
with

periods as (

    select
        lifecycle_id,
        grain,
        period_start,
        is_complete
    from int_stage_periods
    where grain in ('month', 'quarter', 'year')
        and segment_type = 'all'

),

stages as (

    select
        lifecycle_id,
        phase
    from lifecycle_stages

),

medians as (

    select
        grain,
        lifecycle_number,
        period_start,
        count_durations,
        median_days,
        is_settled
    from int_duration_medians
    where measure = 'to_expansion'

),

with_both_phases as (

    select lifecycle_id
    from stages
    where phase in ('value_creation', 'value_expansion')
    group by 1
    having min(phase) <> max(phase)

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
        periods.period_start,
        periods.is_complete and coalesce(medians.is_settled, true) as is_complete,
        coalesce(medians.count_durations, 0) as count_customers,
        medians.median_days
    from periods
    inner join with_both_phases
        on periods.lifecycle_id = with_both_phases.lifecycle_id
    inner join lifecycles
        on periods.lifecycle_id = lifecycles.lifecycle_id
    left join medians
        on lifecycles.position = medians.lifecycle_number
        and periods.grain = medians.grain
        and periods.period_start = medians.period_start

),

final as (

    select
        lifecycle_id,
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        median_days as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        count_customers as n,
        is_complete,
        case
            when median_days is null and count_customers > 0 then 'not_mature'
            when median_days is null then 'no_data'
        end as null_reason
    from joined

)

select * from final
