-- One row per matcher with conditions and touchpoint that meets all of them.
with

touchpoints as (

    select
        touchpoint_id,
        event,
        channel,
        campaign_source,
        campaign_medium,
        campaign_name,
        product_id,
        category,
        properties,
        customer_key,
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

    select
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

tests_counted as (

    select
        rule_key,
        matcher,
        count(distinct test_number) as count_tests
    from tests
    group by 1, 2

),

candidates as (

    select
        touchpoints.touchpoint_id,
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
        case when not tests.is_column then json_extract_scalar(touchpoints.properties, tests.path) end as scalar_text,
        matchers.rule_key,
        tests.test_number,
        touchpoints.customer_key,
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

typed as (

    -- a JSON text begins with a quote, what is nested with its bracket; true and false are texts, the rest numbers
    select
        *,
        case
            when column_number is not null then 'number'
            when column_text is not null then 'text'
            when json_text is null or json_text = 'null' then 'missing'
            when substr(json_text, 1, 1) in ('{', '[') then 'nested'
            when substr(json_text, 1, 1) = '"' or json_text in ('true', 'false') then 'text'
            else 'number'
        end as given_type
    from candidates

),

compared as (

    select
        *,
        coalesce(given_type = value_type, false)
            and coalesce(
                coalesce(column_number, try_cast(json_text as decimal(38, 10))) = value_number,
                coalesce(column_text, scalar_text) = value_text,
                false
            ) as is_equal,
        case
            when given_type = 'number' then coalesce(column_number, try_cast(json_text as decimal(38, 10)))
        end as given_number
    from typed

),

judged as (

    select
        *,
        case operator
            when 'exists' then (given_type <> 'missing') = (value_text = 'true')
            when 'ne' then given_type in ('number', 'text') and not is_equal
            when 'gte' then coalesce(given_number >= value_number, false)
            when 'lte' then coalesce(given_number <= value_number, false)
            else is_equal
        end as is_met
    from compared

),

met as (

    -- of the values of an `in`, any one will do
    select distinct
        rule_key,
        matcher,
        touchpoint_id,
        test_number,
        customer_key,
        event,
        channel,
        occurred_at
    from judged
    where is_met

),

passed as (

    select
        rule_key,
        matcher,
        touchpoint_id,
        min(event) as event,
        min(channel) as channel,
        min(customer_key) as customer_key,
        min(occurred_at) as occurred_at,
        count(*) as count_met
    from met
    group by 1, 2, 3

),

final as (

    select
        passed.touchpoint_id,
        passed.matcher,
        passed.event,
        passed.channel,
        passed.rule_key,
        passed.customer_key,
        passed.occurred_at
    from passed
    inner join tests_counted
        on passed.rule_key = tests_counted.rule_key
        and passed.matcher = tests_counted.matcher
        and passed.count_met = tests_counted.count_tests

)

select * from final
