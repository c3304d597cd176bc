-- One row per matcher with conditions and touchpoint that meets all of them.
with

given_values as (

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
        json_text,
        rule_key,
        test_number,
        value_number,
        column_number,
        occurred_at
    from int_touchpoint_values

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
        test_number
    from stage_rule_tests

),

tests_counted as (

    select
        rules.rule_key,
        rule_tests.matcher,
        count(distinct rule_tests.test_number) as count_tests
    from rule_tests
    inner join rules
        on rule_tests.rule_id = rules.rule_id
    group by 1, 2

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
    from given_values

),

measured as (

    -- short numbers fit a small decimal exactly, and reading one takes a fraction of the time
    select
        *,
        case
            when given_type <> 'number' then false
            when strpos(lower(json_text), 'e') > 0 then false
            when strpos(json_text, '.') = 0 then true
            else length(json_text) - strpos(json_text, '.') <= 6
        end as is_short
    from typed

),

valued as (

    select
        *,
        case
            when column_number is not null then column_number
            when is_short
                then coalesce(
                    cast(try_cast(json_text as decimal(18, 6)) as decimal(38, 10)),
                    try_cast(json_text as decimal(38, 10))
                )
            when given_type = 'number' then try_cast(json_text as decimal(38, 10))
        end as given_number,
        case when given_type = 'number' then try_cast(json_text as double) end as huge_number,
        case
            when given_type = 'text' then coalesce(column_text, json_extract_scalar(json_text, '$'))
        end as given_text
    from measured

),

judged as (

    select
        *,
        case operator
            when 'exists' then (given_type <> 'missing') = (value_text = 'true')
            when 'ne' then
                given_type in ('number', 'text')
                and not coalesce(given_number = value_number, given_text = value_text, false)

            -- a number too large for a decimal is far from the other side: a double tells which is greater
            when 'gte' then coalesce(given_number >= value_number, huge_number >= cast(value_number as double), false)
            when 'lte' then coalesce(given_number <= value_number, huge_number <= cast(value_number as double), false)

            -- a number never equals a text: only one of the two comparisons can be known
            else coalesce(given_number = value_number, given_text = value_text, false)
        end as is_met
    from valued

),

met as (

    -- the values of an `in` differ, so at most one row of a test is met
    select
        judged.touchpoint_id,
        judged.customer_id,
        judged.event,
        judged.channel,
        judged.matcher,
        judged.rule_key,
        tests_counted.count_tests,
        judged.occurred_at
    from judged
    inner join tests_counted
        on judged.rule_key = tests_counted.rule_key
        and judged.matcher = tests_counted.matcher
    where judged.is_met

),

final as (

    select
        touchpoint_id,
        customer_id,
        event,
        channel,
        matcher,
        rule_key,
        occurred_at
    from met
    where count_tests = 1
    union all
    select
        touchpoint_id,
        min(customer_id) as customer_id,
        min(event) as event,
        min(channel) as channel,
        matcher,
        rule_key,
        min(occurred_at) as occurred_at
    from met
    where count_tests > 1
    group by touchpoint_id, matcher, rule_key
    having count(*) = min(count_tests)

)

select * from final
