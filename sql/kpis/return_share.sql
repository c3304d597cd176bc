-- One row per lifecycle, grain (week to year), period from the first entry on, and segment: all, or the stage left.
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
    where stage_rank is null
        or stage_rank > 0

),

moves as (

    select
        lifecycle_id,
        grain,
        segment_type,
        segment_value,
        period_start,
        count_between,
        count_returns
    from int_stage_moves_by_period

),

joined as (

    select
        periods.lifecycle_id,
        periods.grain,
        periods.segment_type,
        periods.segment_value,
        periods.period_start,
        periods.is_complete,
        coalesce(moves.count_between, 0) as count_between,
        coalesce(moves.count_returns, 0) as count_returns
    from periods
    left join moves
        on periods.lifecycle_id = moves.lifecycle_id
        and periods.grain = moves.grain
        and periods.segment_type = moves.segment_type
        and periods.segment_value = moves.segment_value
        and periods.period_start = moves.period_start

),

final as (

    select
        lifecycle_id,
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(count_returns as double) / nullif(cast(count_between as double), 0) as value,
        cast(count_returns as double) as numerator,
        cast(count_between as double) as denominator,
        count_between as n,
        is_complete,
        case when count_between = 0 then 'no_denominator' end as null_reason
    from joined

)

select * from final
