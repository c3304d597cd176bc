-- One row per payment that was tried before the cut.
with

touchpoints as (

    select
        touchpoint_id,
        customer_id,
        event,
        channel,
        order_id,
        reporting_amount,
        occurred_at,
        properties
    from touchpoints
    where event in ('payment_attempted', 'payment_succeeded', 'payment_failed')

),

parameters as (

    select
        as_of_at,
        reporting_currency
    from run_parameters

),

events as (

    -- an event without a payment_id is a payment of its own
    select
        touchpoints.touchpoint_id,
        coalesce(
            json_extract_scalar(touchpoints.properties, '$.payment_id'),
            touchpoints.touchpoint_id
        ) as payment_id,
        touchpoints.customer_id,
        touchpoints.event,
        touchpoints.channel,
        touchpoints.order_id,
        touchpoints.reporting_amount,
        touchpoints.occurred_at,
        json_extract_scalar(touchpoints.properties, '$.payment_method') as payment_method,
        try_cast(json_extract_scalar(touchpoints.properties, '$.installments') as decimal(38, 10)) as installments,
        json_extract_scalar(touchpoints.properties, '$.decline_reason') as decline_reason
    from touchpoints
    cross join parameters
    where touchpoints.occurred_at < parameters.as_of_at

),

placed as (

    select
        *,
        row_number() over (
            partition by payment_id
            order by occurred_at asc, touchpoint_id asc
        ) as position_in_payment
    from events

),

totals as (

    select
        payment_id,
        min(occurred_at) as attempted_at,
        max(order_id) as order_id,
        max(reporting_amount) as amount,
        max(payment_method) as payment_method,
        max(case when installments between 1 and 1000 then installments end) as installments,
        max(decline_reason) as decline_reason,
        count_if(event = 'payment_succeeded') as count_succeeded,
        count_if(event = 'payment_failed') as count_failed
    from events
    group by 1

),

final as (

    select
        totals.payment_id,
        placed.customer_id,
        totals.order_id,
        totals.attempted_at,
        placed.channel,
        case
            when totals.count_succeeded > 0 then 'succeeded'
            when totals.count_failed > 0 then 'failed'
            else 'open'
        end as status,
        totals.amount,
        parameters.reporting_currency as currency_code,
        totals.payment_method,
        cast(floor(totals.installments) as bigint) as count_installments,
        case when totals.count_succeeded = 0 then totals.decline_reason end as decline_reason
    from totals
    cross join parameters
    inner join placed
        on totals.payment_id = placed.payment_id
        and placed.position_in_payment = 1

)

select * from final
