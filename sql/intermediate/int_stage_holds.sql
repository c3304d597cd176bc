-- One row per lifecycle of policy `furthest`, customer, stage and run of signals, with the time that they hold it.
with

signals as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        hold_days,
        occurred_at
    from int_stage_signals
    where policy = 'furthest'
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
    where policy = 'furthest'

),

together as (

    -- signals less than a hold apart hold without a break: only the first and the last matter
    select
        lifecycle_number,
        customer_key,
        stage_rank,
        hold_days,
        coalesce(
            date_diff('day', timestamp '1970-01-01 00:00:00', occurred_at) / nullif(hold_days, 0), 0
        ) as hold_number,
        min(occurred_at) as starts_at,
        max(occurred_at) as last_signal_at
    from signals
    group by 1, 2, 3, 4, 5

),

final as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        starts_at,
        cast(date_add('day', hold_days, last_signal_at) as timestamp) as ends_at
    from together
    union all
    select
        lifecycle_number,
        customer_key,
        stage_rank,
        occurred_at as starts_at,
        case
            when hold_days is null then next_leave_at
            when next_leave_at < cast(date_add('day', hold_days, occurred_at) as timestamp) then next_leave_at
            else cast(date_add('day', hold_days, occurred_at) as timestamp)
        end as ends_at
    from signals_until_leave

)

select * from final
