-- One row per lifecycle of policy `furthest`, customer and instant at which a stage begins or ends to be held.
with

holds as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        starts_at,
        ends_at
    from int_stage_holds

),

parameters as (

    select as_of_at
    from run_parameters

),

neighbours as (

    -- the holds of a stage end in the order in which they begin, so the one before ends last
    select
        lifecycle_number,
        customer_key,
        stage_rank,
        starts_at,
        ends_at,
        lag(starts_at) over (
            partition by lifecycle_number, customer_key, stage_rank
            order by starts_at asc
        ) as previous_starts_at,
        lag(ends_at) over (
            partition by lifecycle_number, customer_key, stage_rank
            order by starts_at asc
        ) as previous_ends_at,
        lead(starts_at) over (
            partition by lifecycle_number, customer_key, stage_rank
            order by starts_at asc
        ) as next_starts_at
    from holds

),

changes as (

    select
        lifecycle_number,
        customer_key,
        starts_at as occurred_at,
        cast(power(2, stage_rank - 1) as bigint) as change
    from neighbours
    where previous_starts_at is null
        or previous_ends_at < starts_at
    union all
    select
        neighbours.lifecycle_number,
        neighbours.customer_key,
        neighbours.ends_at as occurred_at,
        -cast(power(2, neighbours.stage_rank - 1) as bigint) as change
    from neighbours
    cross join parameters
    where neighbours.ends_at < parameters.as_of_at
        and (neighbours.next_starts_at is null or neighbours.next_starts_at > neighbours.ends_at)

),

changes_by_instant as (

    select
        lifecycle_number,
        customer_key,
        occurred_at,
        cast(sum(change) as bigint) as change
    from changes
    group by 1, 2, 3

),

masks as (

    -- the sum of 2^(rank - 1) of the stages held: its highest bit is the furthest of them
    select
        lifecycle_number,
        customer_key,
        occurred_at,
        cast(sum(change) over (
            partition by lifecycle_number, customer_key
            order by occurred_at asc
            rows between unbounded preceding and current row
        ) as bigint) as mask
    from changes_by_instant

),

final as (

    select
        lifecycle_number,
        customer_key,
        case
            when mask = 0 then 0
            else 1 + cast(floor(log2(cast(mask as double) + 0.5)) as integer)
        end as stage_rank,
        occurred_at
    from masks

)

select * from final
