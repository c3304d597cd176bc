-- One row per lifecycle, stage and entry month, with the Kaplan-Meier median of the time in the stage.
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

counted as (

    select
        lifecycle_number,
        stage_rank,
        entry_month,
        stay_milliseconds,
        count(*) as count_stays,
        count(case when is_left then 1 end) as count_events
    from stays
    group by 1, 2, 3, 4

),

at_risk as (

    select
        lifecycle_number,
        stage_rank,
        entry_month,
        stay_milliseconds,
        count_events,
        cast(sum(count_stays) over (
            partition by lifecycle_number, stage_rank, entry_month
            order by stay_milliseconds desc
            rows between unbounded preceding and current row
        ) as bigint) as count_at_risk
    from counted

),

logarithms as (

    select
        lifecycle_number,
        stage_rank,
        entry_month,
        stay_milliseconds,
        sum(ln(
            case
                when count_events = count_at_risk then cast(1 as double)
                else 1 - cast(count_events as double) / nullif(cast(count_at_risk as double), 0)
            end
        )) over (
            partition by lifecycle_number, stage_rank, entry_month
            order by stay_milliseconds asc
            rows between unbounded preceding and current row
        ) as log_survival,
        count_events,
        count_at_risk
    from at_risk

),

curve as (

    select
        lifecycle_number,
        stage_rank,
        entry_month,
        stay_milliseconds,
        case when count_events = count_at_risk then cast(0 as double) else exp(log_survival) end as survival
    from logarithms
    where count_events > 0

),

crossings as (

    select
        lifecycle_number,
        stage_rank,
        entry_month,
        min(case when abs(survival - 0.5) <= 1e-9 then stay_milliseconds end) as half_milliseconds,
        min(case when survival < 0.5 - 1e-9 then stay_milliseconds end) as below_milliseconds
    from curve
    group by 1, 2, 3

),

final as (

    select
        lifecycle_number,
        stage_rank,
        entry_month,
        case
            when half_milliseconds is null then cast(below_milliseconds as double)
            when below_milliseconds is null then cast(half_milliseconds as double)
            else (cast(half_milliseconds as double) + cast(below_milliseconds as double)) / 2
        end / 86400000 as median_days_in_stage
    from crossings

)

select * from final
