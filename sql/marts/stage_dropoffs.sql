-- One row per lifecycle, ranked stage and local month in which customers entered it.
with

stays as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        advance_milliseconds,
        is_mature,
        is_advanced,
        entry_month,
        entered_at
    from int_stay_durations

),

advance_survival as (

    select
        lifecycle_number,
        stage_rank,
        entry_month,
        km_advance_rate
    from int_advance_survival

),

stay_survival as (

    select
        lifecycle_number,
        stage_rank,
        entry_month,
        median_days_in_stage
    from int_stay_survival

),

lifecycles as (

    select
        lifecycle_id,
        position
    from lifecycles

),

stages as (

    select
        lifecycle_id,
        stage_id,
        stage_rank,
        target_rate,
        benchmark_rate
    from lifecycle_stages

),

top_ranks as (

    select
        lifecycle_id,
        max(stage_rank) as top_rank
    from stages
    group by 1

),

counted as (

    select
        lifecycle_number,
        stage_rank,
        entry_month,
        count(*) as count_entered,
        count(case when is_mature then 1 end) as count_mature,
        count(case when is_mature and is_advanced then 1 end) as count_advanced
    from stays
    group by 1, 2, 3

),

ranked as (

    select
        lifecycle_number,
        stage_rank,
        entry_month,
        advance_milliseconds,
        row_number() over (
            partition by lifecycle_number, stage_rank, entry_month
            order by advance_milliseconds asc, customer_key asc, entered_at asc
        ) as duration_number,
        count(*) over (partition by lifecycle_number, stage_rank, entry_month) as count_durations
    from stays
    where is_mature
        and is_advanced

),

medians as (

    -- the middle one, or the mean of the two middle ones
    select
        lifecycle_number,
        stage_rank,
        entry_month,
        avg(cast(advance_milliseconds as double)) / 86400000 as median_days_to_advance
    from ranked
    where duration_number in ((count_durations + 1) / 2, (count_durations + 2) / 2)
    group by 1, 2, 3

),

rated as (

    select
        lifecycles.lifecycle_id,
        stages.stage_id,
        counted.lifecycle_number,
        counted.stage_rank,
        counted.entry_month,
        counted.count_entered,
        counted.count_mature,
        counted.count_advanced,
        case
            when stages.stage_rank < top_ranks.top_rank
                then cast(counted.count_advanced as double) / nullif(cast(counted.count_mature as double), 0)
        end as advance_rate,
        case when stages.stage_rank < top_ranks.top_rank then advance_survival.km_advance_rate end as km_advance_rate,
        stages.target_rate,
        stages.benchmark_rate
    from counted
    inner join advance_survival
        on counted.lifecycle_number = advance_survival.lifecycle_number
        and counted.stage_rank = advance_survival.stage_rank
        and counted.entry_month = advance_survival.entry_month
    inner join lifecycles
        on counted.lifecycle_number = lifecycles.position
    inner join stages
        on lifecycles.lifecycle_id = stages.lifecycle_id
        and counted.stage_rank = stages.stage_rank
    inner join top_ranks
        on lifecycles.lifecycle_id = top_ranks.lifecycle_id

),

final as (

    select
        rated.lifecycle_id,
        rated.stage_id,
        rated.entry_month,
        rated.count_entered,
        rated.count_advanced,
        rated.count_entered - rated.count_mature as count_immature,
        rated.advance_rate,
        rated.km_advance_rate,
        medians.median_days_to_advance,
        stay_survival.median_days_in_stage,
        rated.target_rate,
        rated.benchmark_rate,
        case
            when rated.target_rate > rated.advance_rate
                then (rated.target_rate - rated.advance_rate) * cast(rated.count_mature as double)
            when rated.target_rate <= rated.advance_rate then cast(0 as double)
        end as count_shortfall
    from rated
    left join medians
        on rated.lifecycle_number = medians.lifecycle_number
        and rated.stage_rank = medians.stage_rank
        and rated.entry_month = medians.entry_month
    left join stay_survival
        on rated.lifecycle_number = stay_survival.lifecycle_number
        and rated.stage_rank = stay_survival.stage_rank
        and rated.entry_month = stay_survival.entry_month

)

select * from final
