-- One row per measure (in_stage, to_expansion), lifecycle, stage, grain (month to year) and period of entry.
with

stays as (

    select
        lifecycle_number,
        stage_rank,
        stay_milliseconds,
        is_left,
        entry_month
    from int_stay_durations

),

crossings as (

    select
        lifecycle_number,
        entry_month,
        duration_milliseconds,
        is_crossed
    from int_value_crossings

),

month_periods as (

    select
        month_start,
        grain,
        period_start
    from int_month_periods

),

durations as (

    select
        'in_stage' as measure,
        lifecycle_number,
        stage_rank,
        entry_month,
        stay_milliseconds as duration,
        is_left as is_over
    from stays
    union all
    select
        'to_expansion' as measure,
        lifecycle_number,
        0 as stage_rank,
        entry_month,
        duration_milliseconds as duration,
        is_crossed as is_over
    from crossings

),

counted as (

    select
        durations.measure,
        durations.lifecycle_number,
        durations.stage_rank,
        month_periods.grain,
        month_periods.period_start,
        durations.duration,
        count(*) as count_durations,
        count(case when durations.is_over then 1 end) as count_events
    from durations
    inner join month_periods
        on durations.entry_month = month_periods.month_start
    group by 1, 2, 3, 4, 5, 6

),

at_risk as (

    -- events before censorings at equal times, so those censored at an instant are still at risk there
    select
        measure,
        lifecycle_number,
        stage_rank,
        grain,
        period_start,
        duration,
        count_durations,
        count_events,
        cast(sum(count_durations) over (
            partition by measure, lifecycle_number, stage_rank, grain, period_start
            order by duration desc
            rows between unbounded preceding and current row
        ) as bigint) as count_at_risk
    from counted

),

logarithms as (

    select
        measure,
        lifecycle_number,
        stage_rank,
        grain,
        period_start,
        duration,
        count_durations,
        count_events,
        count_at_risk,
        sum(ln(
            case
                when count_events = count_at_risk then cast(1 as double)
                else 1 - cast(count_events as double) / nullif(cast(count_at_risk as double), 0)
            end
        )) over (
            partition by measure, lifecycle_number, stage_rank, grain, period_start
            order by duration asc
            rows between unbounded preceding and current row
        ) as log_survival
    from at_risk

),

curve as (

    select
        measure,
        lifecycle_number,
        stage_rank,
        grain,
        period_start,
        duration,
        count_durations,
        count_events,
        case when count_events = count_at_risk then cast(0 as double) else exp(log_survival) end as survival
    from logarithms

),

crossed as (

    select
        measure,
        lifecycle_number,
        stage_rank,
        grain,
        period_start,
        cast(sum(count_durations) as bigint) as count_durations,
        min(case when count_events < count_durations then duration end) as first_open_duration,
        min(case when count_events > 0 and abs(survival - 0.5) <= 1e-9 then duration end) as half_duration,
        min(case when count_events > 0 and survival < 0.5 - 1e-9 then duration end) as below_duration
    from curve
    group by 1, 2, 3, 4, 5

),

final as (

    -- whoever is still there and has been for less than the median can move it
    select
        measure,
        grain,
        lifecycle_number,
        stage_rank,
        period_start,
        count_durations,
        case
            when half_duration is null then cast(below_duration as double)
            when below_duration is null then cast(half_duration as double)
            else (cast(half_duration as double) + cast(below_duration as double)) / 2
        end / 86400000 as median_days,
        coalesce(below_duration <= coalesce(first_open_duration, below_duration), false) as is_settled
    from crossed

)

select * from final
