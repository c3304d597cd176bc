-- One row per subscription event before the as-of instant that names its subscription.
with

touchpoints as (

    select
        touchpoint_id,
        customer_id,
        event,
        currency_code,
        occurred_at,
        properties
    from touchpoints
    where event in (
            'subscription_started', 'subscription_renewed', 'subscription_upgraded', 'subscription_downgraded',
            'addon_purchased', 'subscription_paused', 'subscription_resumed', 'subscription_cancelled',
            'subscription_ended', 'save_offer_made', 'save_offer_accepted'
        )

),

parameters as (

    select
        as_of_at,
        reporting_currency
    from run_parameters

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

calendar_days as (

    select
        calendar_date,
        cast(calendar_date as varchar) as date_text,
        starts_at,
        ends_at
    from calendar_days

),

plans as (

    select
        plan,
        price,
        upper(currency_code) as currency_code,
        billing_period,
        valid_from,
        row_number() over (
            partition by plan, valid_from
            order by received_at asc, ingest_id asc
        ) as received_number
    from raw_plans

),

given as (

    select
        touchpoints.touchpoint_id,
        json_extract_scalar(touchpoints.properties, '$.subscription_id') as subscription_id,
        json_format(json_extract(touchpoints.properties, '$.subscription_id')) as subscription_json,
        touchpoints.customer_id,
        touchpoints.event,
        touchpoints.currency_code,
        json_extract_scalar(touchpoints.properties, '$.cause') as cause,
        coalesce(
            json_extract_scalar(touchpoints.properties, '$.to_plan'),
            json_extract_scalar(touchpoints.properties, '$.plan')
        ) as plan,
        try_cast(json_extract_scalar(touchpoints.properties, '$.mrr') as decimal(38, 10)) as given_mrr,
        try_cast(json_extract_scalar(touchpoints.properties, '$.term_months') as decimal(38, 10)) as given_months,
        case touchpoints.event
            when 'subscription_started' then json_extract_scalar(touchpoints.properties, '$.ends_on')
            when 'subscription_renewed' then json_extract_scalar(touchpoints.properties, '$.ends_on')
            when 'subscription_paused' then json_extract_scalar(touchpoints.properties, '$.until')
            when 'subscription_cancelled' then json_extract_scalar(touchpoints.properties, '$.effective_on')
        end as day_text,
        touchpoints.occurred_at
    from touchpoints
    cross join parameters
    where touchpoints.occurred_at < parameters.as_of_at

),

named as (

    -- a trillion a month is a mistake, and would not fit what it is added up in
    select
        given.touchpoint_id,
        given.subscription_id,
        given.customer_id,
        given.event,
        given.currency_code,
        given.cause,
        given.plan,
        case when given.given_mrr between 0 and 999999999999 then cast(given.given_mrr as decimal(18, 2)) end as mrr,
        case
            when regexp_like(given.day_text, '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])')
                then substr(given.day_text, 1, 10)
        end as day_text,
        cast(local_slots.local_date as varchar) as local_text,
        given.subscription_json,
        case
            when given.given_months between 1 and 120 and given.given_months = floor(given.given_months)
                then cast(given.given_months as integer)
        end as term_months,
        local_slots.local_date,
        given.occurred_at
    from given
    inner join local_slots
        on cast(floor(to_unixtime(given.occurred_at) / 900) as bigint) = local_slots.slot
    where given.subscription_id <> ''

),

plan_versions as (

    select
        plan,
        currency_code,
        billing_period,
        cast(price * 100 as bigint) as price,
        valid_from,
        lead(valid_from) over (
            partition by plan
            order by valid_from asc
        ) as valid_until
    from plans
    where received_number = 1
        and price between 0 and 999999999999

),

plan_prices as (

    -- hundredths in whole numbers, halves up: year ÷ 12, week × 52 ÷ 12 = × 13 ÷ 3
    select
        plan,
        currency_code,
        case billing_period
            when 'month' then price
            when 'year' then cast((2 * price + 12 - mod(2 * price + 12, 24)) / 24 as bigint)
            when 'week' then cast((26 * price + 3 - mod(26 * price + 3, 6)) / 6 as bigint)
        end as monthly_price,
        valid_from,
        valid_until
    from plan_versions

),

final as (

    -- a subscription is its first event's customer's, whoever else its number is seen with
    select
        named.touchpoint_id,
        named.subscription_id,
        first_value(named.customer_id) over (
            partition by named.subscription_id
            order by named.occurred_at asc, named.touchpoint_id asc
        ) as customer_id,
        named.event,
        case
            when named.mrr is null and plan_prices.monthly_price is not null then plan_prices.currency_code
            else coalesce(named.currency_code, parameters.reporting_currency)
        end as currency_code,
        named.cause,
        case
            when named.mrr is not null then named.mrr
            when named.event in (
                    'subscription_started', 'subscription_renewed', 'subscription_upgraded', 'subscription_downgraded'
                )
                then cast(cast(plan_prices.monthly_price as decimal(20, 2)) * decimal '0.01' as decimal(18, 2))
        end as mrr,
        named.subscription_json,
        case when named.day_text is null then named.term_months end as term_months,
        named.local_date,
        calendar_days.calendar_date as named_date,
        named.occurred_at,
        case
            when named.event in ('subscription_started', 'subscription_renewed') then calendar_days.ends_at
            when named.day_text > named.local_text then calendar_days.starts_at
            when named.event = 'subscription_cancelled' then named.occurred_at
        end as effective_at
    from named
    cross join parameters
    left join calendar_days
        on named.day_text = calendar_days.date_text
    left join plan_prices
        on named.plan = plan_prices.plan
        and named.local_date >= plan_prices.valid_from
        and named.local_date < coalesce(plan_prices.valid_until, date '9999-12-31')

)

select * from final
