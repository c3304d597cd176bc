-- One row per rule, with what its stage and lifecycle say of it and small numbers for the joins of a run.
with

lifecycles as (

    select
        lifecycle_id,
        policy,
        position
    from lifecycles

),

stages as (

    select
        lifecycle_id,
        stage_id,
        hold_days
    from lifecycle_stages

),

stage_rules as (

    select
        rule_id,
        lifecycle_id,
        stage_id,
        rule_kind,
        count_by,
        stage_rank,
        rule_number,
        at_least,
        within_days,
        has_after
    from stage_rules

),

stages_with_leave as (

    select distinct
        lifecycle_id,
        stage_id
    from stage_rules
    where rule_kind = 'leave'

),

final as (

    select
        stage_rules.rule_id,
        stage_rules.rule_kind,
        lifecycles.policy,
        stage_rules.count_by,
        cast(row_number() over (order by stage_rules.rule_id asc) as integer) as rule_key,
        lifecycles.position as lifecycle_number,
        stage_rules.stage_rank,
        stage_rules.rule_number,
        stage_rules.at_least,
        stage_rules.within_days,
        stages.hold_days,
        stage_rules.has_after,

        -- such a rule fires at every touchpoint that it matches
        stage_rules.at_least = 1 and not stage_rules.has_after as is_simple,
        stages_with_leave.stage_id is not null as has_leave
    from stage_rules
    inner join lifecycles
        on stage_rules.lifecycle_id = lifecycles.lifecycle_id
    inner join stages
        on stage_rules.lifecycle_id = stages.lifecycle_id
        and stage_rules.stage_id = stages.stage_id
    left join stages_with_leave
        on stage_rules.lifecycle_id = stages_with_leave.lifecycle_id
        and stage_rules.stage_id = stages_with_leave.stage_id

)

select * from final
