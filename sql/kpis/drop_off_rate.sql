-- One row per lifecycle, grain (month to year), period of entry, and segment: all, or a stage below the top.
with

periods as (

    select
        lifecycle_id,
        grain,
        segment_type,
        segment_value,
        period_start,
        is_complete
    from int_stage_periods
    where grain in ('month', 'quarter', 'year')
        and (stage_rank is null or stage_rank > 0)
        and not is_top

),

outcomes as (

    select
        lifecycle_id,
        grain,
        segment_type,
        segment_value,
        period_start,
        count_entered,
        count_mature,
        count_advanced
    from int_stay_outcomes_by_period

),

joined as (

    select
        periods.lifecycle_id,
        periods.grain,
        periods.segment_type,
        periods.segment_value,
        periods.period_start,
        periods.is_complete,
        coalesce(outcomes.count_entered, 0) as count_entered,
        coalesce(outcomes.count_mature, 0) as count_mature,
        coalesce(outcomes.count_mature - outcomes.count_advanced, 0) as count_dropped
    from periods
    left join outcomes
        on periods.lifecycle_id = outcomes.lifecycle_id
        and periods.grain = outcomes.grain
        and periods.segment_type = outcomes.segment_type
        and periods.segment_value = outcomes.segment_value
        and periods.period_start = outcomes.period_start

),

final as (

    select
        lifecycle_id,
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(count_dropped as double) / nullif(cast(count_mature as double), 0) as value,
        cast(count_dropped as double) as numerator,
        cast(count_mature as double) as denominator,
        count_mature as n,
        is_complete and count_mature = count_entered as is_complete,
        case
            when count_mature = 0 and count_entered > 0 then 'not_mature'
            when count_mature = 0 then 'no_denominator'
        end as null_reason
    from joined

)

select * from final
