-- One row per lifecycle, grain (day, week, month), period, stage before it and stage at its end.
with

moves as (

    select
        grain,
        lifecycle_number,
        from_rank,
        to_rank,
        first_index,
        until_index,
        count_customers
    from int_flow_moves

),

periods as (

    select
        grain,
        period_start,
        period_index,
        is_complete
    from int_periods

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

arrivals as (

    select
        grain,
        lifecycle_number,
        from_rank,
        to_rank,
        first_index as period_index,
        sum(count_customers) as count_customers
    from moves
    group by 1, 2, 3, 4, 5

),

changes as (

    -- who arrived stays from the period after, until the one that no longer finds them
    select
        grain,
        lifecycle_number,
        to_rank,
        first_index + 1 as period_index,
        sum(count_customers) as change
    from moves
    group by 1, 2, 3, 4
    union all
    select
        grain,
        lifecycle_number,
        to_rank,
        until_index as period_index,
        -sum(count_customers) as change
    from moves
    group by 1, 2, 3, 4

),

changes_by_period as (

    select
        grain,
        lifecycle_number,
        to_rank,
        period_index,
        sum(change) as change
    from changes
    group by 1, 2, 3, 4

),

first_indexes as (

    select
        grain,
        lifecycle_number,
        to_rank,
        min(period_index) as first_index
    from changes_by_period
    group by 1, 2, 3

),

stayers as (

    select
        first_indexes.grain,
        first_indexes.lifecycle_number,
        first_indexes.to_rank,
        periods.period_index,
        cast(sum(coalesce(changes_by_period.change, 0)) over (
            partition by first_indexes.grain, first_indexes.lifecycle_number, first_indexes.to_rank
            order by periods.period_index asc
            rows between unbounded preceding and current row
        ) as bigint) as count_customers
    from first_indexes
    inner join periods
        on first_indexes.grain = periods.grain
        and first_indexes.first_index <= periods.period_index
    left join changes_by_period
        on first_indexes.grain = changes_by_period.grain
        and first_indexes.lifecycle_number = changes_by_period.lifecycle_number
        and first_indexes.to_rank = changes_by_period.to_rank
        and periods.period_index = changes_by_period.period_index

),

all_flows as (

    select
        grain,
        lifecycle_number,
        from_rank,
        to_rank,
        period_index,
        count_customers
    from arrivals
    union all
    select
        grain,
        lifecycle_number,
        to_rank as from_rank,
        to_rank,
        period_index,
        count_customers
    from stayers
    where count_customers > 0

),

flows as (

    -- who left and came back within one period arrives where they stay
    select
        grain,
        lifecycle_number,
        from_rank,
        to_rank,
        period_index,
        cast(sum(count_customers) as bigint) as count_customers
    from all_flows
    group by 1, 2, 3, 4, 5

),

final as (

    select
        lifecycles.lifecycle_id,
        flows.grain,
        periods.period_start,
        coalesce(stages_left.stage_id, 'outside') as from_stage_id,
        stages.stage_id as to_stage_id,
        flows.count_customers,
        periods.is_complete
    from flows
    inner join periods
        on flows.grain = periods.grain
        and flows.period_index = periods.period_index
    inner join lifecycles
        on flows.lifecycle_number = lifecycles.position
    inner join stages
        on lifecycles.lifecycle_id = stages.lifecycle_id
        and flows.to_rank = stages.stage_rank
    left join stages as stages_left
        on lifecycles.lifecycle_id = stages_left.lifecycle_id
        and flows.from_rank = stages_left.stage_rank

)

select * from final
