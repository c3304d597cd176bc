-- One row per subscription and month that it is paid for.
with

events as (

    select
        touchpoint_id,
        subscription_id,
        subscription_json
    from int_subscription_events

),

changes as (

    -- what is changed again at its own instant never was
    select
        touchpoint_id,
        subscription_id,
        customer_id,
        currency_code,
        paid_amount,
        changed_at,
        until_at
    from int_subscription_changes
    where coalesce(until_at > changed_at, true)

),

parameters as (

    select as_of_at
    from run_parameters

),

month_numbers as (

    -- the calendar is longer than any subscription
    select period_index - 1 as month_number
    from int_periods
    where grain = 'month'

),

touchpoints as (

    select touchpoint_id
    from touchpoints

),

paid as (

    select
        changes.*,
        lag(paid_amount) over (partition by subscription_id order by changed_at asc) as paid_before
    from changes

),

grouped as (

    -- paid without a break is one stretch
    select
        *,
        count_if(coalesce(paid_before, 0) = 0) over (
            partition by subscription_id
            order by changed_at asc
            rows between unbounded preceding and current row
        ) as stretch_number
    from paid
    where paid_amount > 0

),

stretches as (

    select
        subscription_id,
        stretch_number,
        min(changed_at) as starts_at,
        max(coalesce(until_at, parameters.as_of_at)) as ends_at
    from grouped
    cross join parameters
    group by 1, 2

),

months as (

    select
        stretches.subscription_id,
        cast(date_add('month', month_numbers.month_number, stretches.starts_at) as timestamp) as starts_at
    from stretches
    inner join month_numbers
        on cast(date_add('month', month_numbers.month_number, stretches.starts_at) as timestamp) < stretches.ends_at

),

numbered as (

    select
        subscription_id,
        row_number() over (partition by subscription_id order by starts_at asc) as period_number,
        starts_at
    from months

),

first_paid as (

    select
        subscription_id,
        min_by(paid_amount, changed_at) as initial_mrr,
        min_by(currency_code, changed_at) as currency_code
    from grouped
    group by 1

),

told as (

    select
        concat(concat(numbered.subscription_id, '#'), cast(numbered.period_number as varchar)) as touchpoint_id,
        numbered.subscription_id,
        grouped.customer_id,
        numbered.period_number,
        numbered.starts_at,
        grouped.paid_amount as mrr,
        first_paid.initial_mrr,
        grouped.paid_amount > first_paid.initial_mrr and grouped.currency_code = first_paid.currency_code as is_expanded,
        grouped.currency_code,
        events.subscription_json
    from numbered
    inner join grouped
        on numbered.subscription_id = grouped.subscription_id
        and numbered.starts_at >= grouped.changed_at
        and coalesce(numbered.starts_at < grouped.until_at, true)
    inner join first_paid
        on numbered.subscription_id = first_paid.subscription_id
    inner join events
        on grouped.touchpoint_id = events.touchpoint_id

),

taken as (

    -- few are looked up among many: a left join might read all touchpoints into memory
    select touchpoints.touchpoint_id
    from touchpoints
    inner join told
        on touchpoints.touchpoint_id = told.touchpoint_id

),

final as (

    -- one that was received as such is not derived again
    select
        told.touchpoint_id,
        told.subscription_id,
        told.customer_id,
        told.period_number,
        told.starts_at,
        told.mrr,
        told.initial_mrr,
        told.is_expanded,
        told.currency_code,
        concat(
            concat(
                concat('{"currency":"', told.currency_code, '","expanded":', cast(told.is_expanded as varchar)),
                concat(',"initial_mrr":', cast(told.initial_mrr as varchar), ',"mrr":', cast(told.mrr as varchar))
            ),
            concat(
                concat(',"period_number":', cast(told.period_number as varchar), ',"subscription_id":', told.subscription_json),
                '}'
            )
        ) as properties
    from told
    left join taken
        on told.touchpoint_id = taken.touchpoint_id
    where taken.touchpoint_id is null

)

select * from final
