-- One row per condition of a matcher, listed value and touchpoint that the matcher takes, with what the touchpoint has there.
with

touchpoints as (

    select
        touchpoint_id,
        customer_id,
        event,
        channel,
        campaign_source,
        campaign_medium,
        campaign_name,
        product_id,
        category,
        properties,
        amount,
        occurred_at
    from int_touchpoints_seen

),

matchers as (

    select
        matcher,
        event,
        channel,
        rule_key
    from int_stage_rule_matchers
    where is_tested

),

rules as (

    select
        rule_id,
        rule_key
    from int_stage_rules_numbered

),

rule_tests as (

    select
        rule_id,
        matcher,
        property,
        operator,
        value_type,
        value_text,
        test_number,
        value_number
    from stage_rule_tests

),

tests as (

    select distinct
        rule_tests.matcher,
        rule_tests.property,
        concat('$.', rule_tests.property) as path,
        rule_tests.operator,
        rule_tests.value_type,
        rule_tests.value_text,
        rules.rule_key,
        rule_tests.test_number,
        rule_tests.value_number,
        rule_tests.property in (
            'amount', 'product_id', 'category', 'campaign_source', 'campaign_medium', 'campaign_name'
        ) as is_column
    from rule_tests
    inner join rules
        on rule_tests.rule_id = rules.rule_id

),

final as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.event,
        touchpoints.channel,
        matchers.matcher,
        tests.operator,
        tests.value_type,
        tests.value_text,
        case tests.property
            when 'product_id' then touchpoints.product_id
            when 'category' then touchpoints.category
            when 'campaign_source' then touchpoints.campaign_source
            when 'campaign_medium' then touchpoints.campaign_medium
            when 'campaign_name' then touchpoints.campaign_name
        end as column_text,
        case when not tests.is_column then json_format(json_extract(touchpoints.properties, tests.path)) end as json_text,
        matchers.rule_key,
        tests.test_number,
        tests.value_number,
        case when tests.property = 'amount' then cast(touchpoints.amount as decimal(38, 10)) end as column_number,
        touchpoints.occurred_at
    from touchpoints
    inner join matchers
        on touchpoints.event = matchers.event
    inner join tests
        on matchers.rule_key = tests.rule_key
        and matchers.matcher = tests.matcher
    where matchers.channel is null
        or touchpoints.channel = matchers.channel

)

select * from final
