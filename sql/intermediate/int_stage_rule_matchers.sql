-- One row per rule, matcher (the rule itself, or its `after`), event and channel that it takes.
with

rules as (

    select
        rule_id,
        rule_key
    from int_stage_rules_numbered

),

rule_events as (

    select
        rule_id,
        matcher,
        event
    from stage_rule_events

),

rule_channels as (

    select
        rule_id,
        matcher,
        channel
    from stage_rule_channels

),

rule_tests as (

    select
        rule_id,
        matcher
    from stage_rule_tests

),

events_received as (

    select event
    from int_events_received

),

all_events as (

    -- `*` is every event there is; a list may name one beside it, so duplicates go
    select
        rule_events.rule_id,
        rule_events.matcher,
        events_received.event
    from rule_events
    cross join events_received
    where rule_events.event = '*'
    union
    select
        rule_id,
        matcher,
        event
    from rule_events
    where event <> '*'

),

tested as (

    select distinct
        rule_id,
        matcher
    from rule_tests

),

channels as (

    select distinct
        rule_id,
        matcher,
        channel
    from rule_channels

),

final as (

    select
        all_events.matcher,
        all_events.event,
        channels.channel,
        rules.rule_key,
        tested.rule_id is not null as is_tested
    from all_events
    inner join rules
        on all_events.rule_id = rules.rule_id
    left join channels
        on all_events.rule_id = channels.rule_id
        and all_events.matcher = channels.matcher
    left join tested
        on all_events.rule_id = tested.rule_id
        and all_events.matcher = tested.matcher

)

select * from final
