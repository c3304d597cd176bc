-- One row per lifecycle of policy `latest`, customer and instant at which a signal comes or its hold ends unrenewed.
with

signals as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        hold_days,
        occurred_at
    from int_stage_signals
    where policy = 'latest'
        and not has_leave

),

signals_until_leave as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        hold_days,
        occurred_at,
        next_leave_at
    from int_signals_until_leave
    where policy = 'latest'

),

parameters as (

    select as_of_at
    from run_parameters

),

all_signals as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        occurred_at,
        cast(date_add('day', hold_days, occurred_at) as timestamp) as ends_at
    from signals
    union all
    select
        lifecycle_number,
        customer_key,
        stage_rank,
        occurred_at,
        case
            when hold_days is null then next_leave_at
            when next_leave_at < cast(date_add('day', hold_days, occurred_at) as timestamp) then next_leave_at
            else cast(date_add('day', hold_days, occurred_at) as timestamp)
        end as ends_at
    from signals_until_leave

),

ranked as (

    -- signals of one stage and instant end alike, so any of them will do
    select
        *,
        row_number() over (
            partition by lifecycle_number, customer_key, occurred_at
            order by stage_rank desc
        ) as signal_number
    from all_signals

),

followed as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        occurred_at,
        ends_at,
        lead(occurred_at) over (
            partition by lifecycle_number, customer_key
            order by occurred_at asc
        ) as next_at
    from ranked
    where signal_number = 1

),

final as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        occurred_at
    from followed
    union all
    select
        followed.lifecycle_number,
        followed.customer_key,
        0 as stage_rank,
        followed.ends_at as occurred_at
    from followed
    cross join parameters
    where followed.ends_at < parameters.as_of_at
        and (followed.next_at is null or followed.next_at > followed.ends_at)

)

select * from final
