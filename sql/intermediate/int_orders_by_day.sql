-- One row per local day, channel and marketing channel on which an order or a reversal stands.
with

orders as (

    select
        channel,
        marketing_channel,
        status,
        gross_amount,
        refunded_amount,
        net_amount,
        ordered_at
    from orders

),

reversals as (

    select
        reversed_amount,
        occurred_at
    from int_unmatched_reversals

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

changes as (

    -- an order of unknown amount is an order, but says nothing of money
    select
        cast(floor(to_unixtime(ordered_at) / 900) as bigint) as slot,
        coalesce(channel, 'unknown') as channel,
        coalesce(marketing_channel, 'unknown') as marketing_channel,
        status = 'placed' as is_placed,
        status = 'placed' and gross_amount is not null as is_priced,
        status in ('placed', 'refunded') and gross_amount is not null as is_sold,
        gross_amount,
        refunded_amount,
        net_amount
    from orders
    union all
    select
        cast(floor(to_unixtime(occurred_at) / 900) as bigint) as slot,
        'unknown' as channel,
        'unknown' as marketing_channel,
        false as is_placed,
        false as is_priced,
        false as is_sold,
        cast(null as decimal(18, 2)) as gross_amount,
        cast(null as decimal(18, 2)) as refunded_amount,
        cast(-reversed_amount as decimal(18, 2)) as net_amount
    from reversals

),

final as (

    select
        local_slots.local_date as order_date,
        changes.channel,
        changes.marketing_channel,
        count(case when changes.is_placed then 1 end) as count_orders,
        count(case when changes.is_priced then 1 end) as count_priced_orders,
        cast(coalesce(sum(case when changes.is_priced then changes.net_amount end), 0) as decimal(18, 2)) as placed_amount,
        cast(coalesce(sum(case when changes.is_sold then changes.gross_amount end), 0) as decimal(18, 2)) as sold_amount,
        cast(coalesce(sum(case when changes.is_sold then changes.refunded_amount end), 0) as decimal(18, 2)) as refunded_amount,
        cast(coalesce(sum(changes.net_amount), 0) as decimal(18, 2)) as net_amount
    from changes
    inner join local_slots
        on changes.slot = local_slots.slot
    group by 1, 2, 3

)

select * from final
