-- One row per rule and touchpoint or instant at which it fires for a customer, with what its stage makes of it.
with

matched as (

    select
        rule_key,
        customer_key,
        is_after,
        occurred_at
    from int_rule_matches

),

firings as (

    select
        rule_key,
        customer_key,
        occurred_at
    from int_rule_firings

),

rules as (

    select
        rule_kind,
        policy,
        rule_key,
        lifecycle_number,
        stage_rank,
        hold_days,
        is_simple,
        has_leave
    from int_stage_rules_numbered

),

final as (

    select
        rules.policy,
        rules.lifecycle_number,
        matched.customer_key,
        rules.stage_rank,
        rules.hold_days,
        rules.has_leave,
        matched.occurred_at
    from matched
    inner join rules
        on matched.rule_key = rules.rule_key
    where not matched.is_after
        and rules.rule_kind = 'enter'
        and rules.is_simple
    union all
    select
        rules.policy,
        rules.lifecycle_number,
        firings.customer_key,
        rules.stage_rank,
        rules.hold_days,
        rules.has_leave,
        firings.occurred_at
    from firings
    inner join rules
        on firings.rule_key = rules.rule_key

)

select * from final
