-- One row per lifecycle, stage and local day from the lifecycle's first entry to the as-of day.
with

span_days as (

    select
        lifecycle_number,
        stage_rank,
        entered_date,
        left_date
    from int_span_days

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
        stage_rank
    from lifecycle_stages

),

days as (

    select period_start as occupancy_date
    from int_periods
    where grain = 'day'

),

changes as (

    -- a customer is counted where the day's end finds them: on the day of an exit no more
    select
        lifecycle_number,
        stage_rank,
        entered_date as change_date,
        count(*) as change
    from span_days
    group by 1, 2, 3
    union all
    select
        lifecycle_number,
        stage_rank,
        left_date as change_date,
        -count(*) as change
    from span_days
    where left_date is not null
    group by 1, 2, 3

),

changes_by_day as (

    select
        lifecycle_number,
        stage_rank,
        change_date,
        sum(change) as change
    from changes
    group by 1, 2, 3

),

first_days as (

    select
        lifecycle_number,
        min(change_date) as first_date
    from changes
    group by 1

),

spine as (

    select
        lifecycles.lifecycle_id,
        stages.stage_id,
        first_days.lifecycle_number,
        stages.stage_rank,
        days.occupancy_date
    from first_days
    inner join lifecycles
        on first_days.lifecycle_number = lifecycles.position
    inner join stages
        on lifecycles.lifecycle_id = stages.lifecycle_id
    inner join days
        on first_days.first_date <= days.occupancy_date

),

final as (

    select
        spine.lifecycle_id,
        spine.stage_id,
        spine.occupancy_date,
        cast(sum(coalesce(changes_by_day.change, 0)) over (
            partition by spine.lifecycle_id, spine.stage_id
            order by spine.occupancy_date asc
            rows between unbounded preceding and current row
        ) as bigint) as count_customers
    from spine
    left join changes_by_day
        on spine.lifecycle_number = changes_by_day.lifecycle_number
        and spine.stage_rank = changes_by_day.stage_rank
        and spine.occupancy_date = changes_by_day.change_date

)

select * from final
