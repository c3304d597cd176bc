-- One row per grain, period from the first order to the as-of period, and segment.
with

orders_by_day as (

    select
        order_date,
        channel,
        marketing_channel,
        count_orders,
        count_priced_orders,
        placed_amount,
        sold_amount,
        refunded_amount,
        net_amount
    from int_orders_by_day

),

day_periods as (

    select
        calendar_date,
        grain,
        period_index
    from int_day_periods

),

periods as (

    select
        grain,
        period_start,
        period_index,
        is_complete
    from int_periods

),

by_segment as (

    select *, 'all' as segment_type, 'all' as segment_value from orders_by_day
    union all
    select *, 'channel' as segment_type, channel as segment_value from orders_by_day
    union all
    select *, 'marketing_channel' as segment_type, marketing_channel as segment_value from orders_by_day

),

sums as (

    select
        day_periods.grain,
        day_periods.period_index,
        by_segment.segment_type,
        by_segment.segment_value,
        cast(sum(by_segment.count_orders) as bigint) as count_orders,
        cast(sum(by_segment.count_priced_orders) as bigint) as count_priced_orders,
        sum(by_segment.placed_amount) as placed_amount,
        sum(by_segment.sold_amount) as sold_amount,
        sum(by_segment.refunded_amount) as refunded_amount,
        sum(by_segment.net_amount) as net_amount
    from by_segment
    inner join day_periods
        on by_segment.order_date = day_periods.calendar_date
    group by 1, 2, 3, 4

),

first_periods as (

    select
        grain,
        min(period_index) as first_index
    from sums
    group by 1

),

segments as (

    select distinct
        grain,
        segment_type,
        segment_value
    from sums

),

spine as (

    select
        periods.grain,
        periods.period_start,
        periods.period_index,
        segments.segment_type,
        segments.segment_value,
        periods.is_complete
    from periods
    inner join first_periods
        on periods.grain = first_periods.grain
        and periods.period_index >= first_periods.first_index
    inner join segments
        on periods.grain = segments.grain

),

final as (

    select
        spine.grain,
        spine.period_start,
        spine.segment_type,
        spine.segment_value,
        coalesce(sums.count_orders, 0) as count_orders,
        coalesce(sums.count_priced_orders, 0) as count_priced_orders,
        cast(coalesce(sums.placed_amount, 0) as decimal(18, 2)) as placed_amount,
        cast(coalesce(sums.sold_amount, 0) as decimal(18, 2)) as sold_amount,
        cast(coalesce(sums.refunded_amount, 0) as decimal(18, 2)) as refunded_amount,
        cast(coalesce(sums.net_amount, 0) as decimal(18, 2)) as net_amount,
        spine.is_complete
    from spine
    left join sums
        on spine.grain = sums.grain
        and spine.period_index = sums.period_index
        and spine.segment_type = sums.segment_type
        and spine.segment_value = sums.segment_value

)

select * from final
