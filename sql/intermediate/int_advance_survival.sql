-- One row per lifecycle, stage and entry month, with the Kaplan-Meier estimate of the share that moved up in time.
with

stays as (

    select
        lifecycle_number,
        stage_rank,
        window_milliseconds,
        observed_milliseconds,
        advance_milliseconds,
        is_advanced,
        entry_month
    from int_stay_durations

),

durations as (

    -- what comes after the window says nothing of it: such intervals are at risk to its end
    select
        lifecycle_number,
        stage_rank,
        entry_month,
        case
            when is_advanced then advance_milliseconds
            when observed_milliseconds > window_milliseconds then window_milliseconds + 1
            else observed_milliseconds
        end as duration,
        is_advanced
    from stays

),

counted as (

    select
        lifecycle_number,
        stage_rank,
        entry_month,
        duration,
        count(*) as count_stays,
        count(case when is_advanced then 1 end) as count_events
    from durations
    group by 1, 2, 3, 4

),

at_risk as (

    -- events before censorings at equal times, so those censored at an instant are still at risk there
    select
        lifecycle_number,
        stage_rank,
        entry_month,
        count_events,
        cast(sum(count_stays) over (
            partition by lifecycle_number, stage_rank, entry_month
            order by duration desc
            rows between unbounded preceding and current row
        ) as bigint) as count_at_risk
    from counted

),

final as (

    select
        lifecycle_number,
        stage_rank,
        entry_month,
        case
            when max(case when count_events = count_at_risk then 1 else 0 end) = 1 then cast(1 as double)
            else round(
                1 - exp(sum(ln(
                    case
                        when count_events = count_at_risk then cast(1 as double)
                        else 1 - cast(count_events as double) / nullif(cast(count_at_risk as double), 0)
                    end
                ))),
                10
            )
        end as km_advance_rate
    from at_risk
    group by 1, 2, 3

)

select * from final
