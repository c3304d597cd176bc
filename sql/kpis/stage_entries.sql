-- One row per lifecycle, grain (week to year), period from the first entry on, and segment.
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

),

moves as (

    select
        lifecycle_id,
        grain,
        segment_type,
        segment_value,
        period_start,
        count_entries
    from int_stage_moves_by_period

),

final as (

    select
        periods.lifecycle_id,
        periods.grain,
        periods.period_start,
        periods.segment_type,
        periods.segment_value,
        cast(coalesce(moves.count_entries, 0) as double) as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        coalesce(moves.count_entries, 0) as n,
        periods.is_complete,
        cast(null as varchar) as null_reason
    from periods
    left join moves
        on periods.lifecycle_id = moves.lifecycle_id
        and periods.grain = moves.grain
        and periods.segment_type = moves.segment_type
        and periods.segment_value = moves.segment_value
        and periods.period_start = moves.period_start

)

select * from final
