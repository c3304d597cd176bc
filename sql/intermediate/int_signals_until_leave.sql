-- One row per customer and signal of a stage that can be left, with the next leave after it.
with

matched as (

    select
        rule_key,
        customer_key,
        is_after,
        occurred_at
    from int_rule_matches

),

rules as (

    select
        rule_key,
        lifecycle_number,
        stage_rank
    from int_stage_rules_numbered
    where rule_kind = 'leave'

),

signals as (

    select
        policy,
        lifecycle_number,
        customer_key,
        stage_rank,
        hold_days,
        occurred_at
    from int_stage_signals
    where has_leave

),

leaves as (

    select distinct
        rules.lifecycle_number,
        matched.customer_key,
        rules.stage_rank,
        matched.occurred_at
    from matched
    inner join rules
        on matched.rule_key = rules.rule_key

),

instants as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        occurred_at,
        min(policy) as policy,
        min(hold_days) as hold_days,
        1 as is_signal
    from signals
    group by 1, 2, 3, 4
    union all
    select
        lifecycle_number,
        customer_key,
        stage_rank,
        occurred_at,
        cast(null as varchar) as policy,
        cast(null as integer) as hold_days,
        0 as is_signal
    from leaves

),

followed as (

    -- a leave at the instant of a signal sorts before it, so that it does not end it
    select
        policy,
        lifecycle_number,
        customer_key,
        stage_rank,
        hold_days,
        is_signal,
        occurred_at,
        min(case when is_signal = 0 then occurred_at end) over (
            partition by lifecycle_number, customer_key, stage_rank
            order by occurred_at asc, is_signal asc
            rows between current row and unbounded following
        ) as next_leave_at
    from instants

),

final as (

    select
        policy,
        lifecycle_number,
        customer_key,
        stage_rank,
        hold_days,
        occurred_at,
        next_leave_at
    from followed
    where is_signal = 1

)

select * from final
