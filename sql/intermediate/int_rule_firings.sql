-- One row per rule that counts or waits for another touchpoint, customer and instant at which it fires.
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
        count_by,
        at_least,
        within_days,
        has_after
    from int_stage_rules_numbered
    where rule_kind = 'enter'
        and not is_simple

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

own as (

    select
        rules.count_by,
        matched.rule_key,
        matched.customer_key,
        rules.at_least,
        matched.occurred_at
    from matched
    inner join rules
        on matched.rule_key = rules.rule_key
    where not matched.is_after

),

opened as (

    -- from when on the customer has what the rule waits for
    select
        matched.rule_key,
        matched.customer_key,
        min(matched.occurred_at) as opened_at
    from matched
    inner join rules
        on matched.rule_key = rules.rule_key
    where matched.is_after
    group by 1, 2

),

touchpoints_looked_back as (

    -- which of two touchpoints of one instant comes first changes no time that is looked back to
    select
        rule_key,
        customer_key,
        occurred_at,
        lag(occurred_at, at_least - 1) over (
            partition by rule_key, customer_key
            order by occurred_at asc
        ) as nth_at
    from own
    where count_by = 'touchpoints'

),

by_touchpoints as (

    -- touchpoints of one instant all count for each other: the last of them looks back the least far
    select
        rule_key,
        customer_key,
        occurred_at,
        max(nth_at) as nth_at
    from touchpoints_looked_back
    group by 1, 2, 3

),

instants as (

    select distinct
        own.rule_key,
        own.customer_key,
        own.at_least,
        local_slots.local_date,
        own.occurred_at
    from own
    inner join local_slots
        on cast(floor(to_unixtime(own.occurred_at) / 900) as bigint) = local_slots.slot
    where own.count_by = 'days'

),

days as (

    select
        rule_key,
        customer_key,
        at_least,
        local_date,
        max(occurred_at) as last_at
    from instants
    group by 1, 2, 3, 4

),

days_looked_back as (

    -- a day counts as long as its last touchpoint lies in the window
    select
        rule_key,
        customer_key,
        local_date,
        lag(last_at, at_least - 1) over (
            partition by rule_key, customer_key
            order by local_date asc
        ) as nth_at
    from days

),

by_days as (

    select
        instants.rule_key,
        instants.customer_key,
        instants.occurred_at,
        days_looked_back.nth_at
    from instants
    inner join days_looked_back
        on instants.rule_key = days_looked_back.rule_key
        and instants.customer_key = days_looked_back.customer_key
        and instants.local_date = days_looked_back.local_date

),

looked_back as (

    select * from by_touchpoints
    union all
    select * from by_days

),

final as (

    select
        looked_back.rule_key,
        looked_back.customer_key,
        looked_back.occurred_at
    from looked_back
    inner join rules
        on looked_back.rule_key = rules.rule_key
    left join opened
        on looked_back.rule_key = opened.rule_key
        and looked_back.customer_key = opened.customer_key
    where looked_back.nth_at is not null
        and (
            rules.within_days is null
            or date_diff('millisecond', looked_back.nth_at, looked_back.occurred_at)
            < cast(rules.within_days as bigint) * 86400000
        )
        and (not rules.has_after or opened.opened_at <= looked_back.occurred_at)

)

select * from final
