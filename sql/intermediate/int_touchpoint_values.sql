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

found as (

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
        case when not tests.is_column then json_format(json_extract(touchpoints.properties, tests.path)) end as given_text,
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

),

final as (

    -- what is nested only has to be known for that. Engines write very large and very small numbers with a fraction each in
    -- their own way; as decimals they are the same, and what no decimal holds is written with an exponent by both
    select
        touchpoint_id,
        customer_id,
        event,
        channel,
        matcher,
        operator,
        value_type,
        value_text,
        column_text,
        case
            when substr(given_text, 1, 1) = '"' then given_text
            when substr(given_text, 1, 1) = '{' then '{}'
            when substr(given_text, 1, 1) = '[' then '[]'
            when given_text in ('true', 'false', 'null') then given_text
            when strpos(lower(given_text), 'e') > 0
                or strpos(given_text, '.') > 8
                or substr(given_text, 1, 5) = '0.000'
                or substr(given_text, 1, 6) = '-0.000'
                then coalesce(
                    cast(try_cast(given_text as decimal(38, 10)) as varchar),
                    replace(replace(lower(given_text), '.0e', 'e'), 'e+', 'e')
                )
            else given_text
        end as json_text,
        rule_key,
        test_number,
        value_number,
        column_number,
        occurred_at
    from found

)

select * from final
