-- One row per order that was completed, with its lines, refunds and cancellation.
with

order_events as (

    select
        touchpoint_id,
        customer_id,
        session_id,
        event,
        channel,
        marketing_channel,
        order_id,
        country,
        currency_code,
        quantity,
        amount,
        reporting_amount,
        occurred_at
    from int_order_events

),

session_channels as (

    select
        customer_id,
        session_id,
        marketing_channel
    from int_session_marketing_channels

),

parameters as (

    select reporting_currency
    from run_parameters

),

lines as (

    select
        *,
        row_number() over (
            partition by order_id
            order by occurred_at asc, touchpoint_id asc
        ) as position_in_order
    from order_events
    where event = 'order_completed'

),

first_lines as (

    -- an order is what its earliest line says it is
    select
        lines.order_id,
        lines.customer_id,
        lines.occurred_at as ordered_at,
        lines.channel,
        coalesce(session_channels.marketing_channel, lines.marketing_channel) as marketing_channel,
        lines.country
    from lines
    left join session_channels
        on lines.customer_id = session_channels.customer_id
        and lines.session_id = session_channels.session_id
    where lines.position_in_order = 1

),

totals as (

    select
        order_id,
        cast(sum(reporting_amount) as decimal(18, 2)) as gross_amount,
        cast(sum(amount) as decimal(18, 2)) as original_amount,
        max(currency_code) as original_currency_code,
        cast(sum(coalesce(quantity, 1)) as decimal(18, 4)) as count_items
    from lines
    group by 1

),

reversals as (

    select
        order_id,
        cast(sum(case when event = 'order_refunded' then reporting_amount end) as decimal(18, 2)) as refunded_amount,
        count_if(event = 'order_cancelled') as count_cancellations
    from order_events
    where event in ('order_refunded', 'order_cancelled')
    group by 1

),

stated as (

    select
        first_lines.order_id,
        first_lines.customer_id,
        first_lines.ordered_at,
        first_lines.channel,
        first_lines.marketing_channel,
        first_lines.country,
        case
            when reversals.count_cancellations > 0 then 'cancelled'
            when totals.gross_amount = 0 then 'empty'
            when totals.gross_amount > 0 and reversals.refunded_amount >= totals.gross_amount then 'refunded'
            else 'placed'
        end as status,
        totals.gross_amount,
        reversals.refunded_amount,
        totals.original_amount,
        totals.original_currency_code,
        totals.count_items
    from first_lines
    inner join totals
        on first_lines.order_id = totals.order_id
    left join reversals
        on first_lines.order_id = reversals.order_id

),

numbered as (

    select
        order_id,
        row_number() over (
            partition by customer_id
            order by ordered_at asc, order_id asc
        ) as order_number
    from stated
    where status = 'placed'

),

final as (

    select
        stated.order_id,
        stated.customer_id,
        stated.ordered_at,
        stated.channel,
        stated.marketing_channel,
        stated.country,
        stated.status,
        stated.gross_amount,
        stated.refunded_amount,
        case
            when stated.status = 'cancelled' then cast(0 as decimal(18, 2))
            when stated.gross_amount is null and stated.refunded_amount is null then cast(null as decimal(18, 2))
            else cast(coalesce(stated.gross_amount, 0) - coalesce(stated.refunded_amount, 0) as decimal(18, 2))
        end as net_amount,
        parameters.reporting_currency as currency_code,
        stated.original_amount,
        stated.original_currency_code,
        stated.count_items,
        numbered.order_number
    from stated
    cross join parameters
    left join numbered
        on stated.order_id = numbered.order_id

)

select * from final
