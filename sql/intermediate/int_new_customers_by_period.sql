-- One row per grain (week to year), period from the first order to the as-of period, and segment.
with

first_orders as (

    select
        acquisition_channel,
        first_order_date,
        second_order_date
    from int_customer_first_orders

),

day_periods as (

    select
        calendar_date,
        grain,
        period_index
    from int_day_periods
    where grain <> 'day'

),

periods as (

    select
        grain,
        period_start,
        period_index,
        is_complete
    from int_periods
    where grain <> 'day'

),

by_day as (

    select
        acquisition_channel,
        first_order_date as order_date,
        count(*) as count_new_customers,
        0 as count_second_orders
    from first_orders
    group by 1, 2
    union all
    select
        acquisition_channel,
        second_order_date as order_date,
        0 as count_new_customers,
        count(*) as count_second_orders
    from first_orders
    where second_order_date is not null
    group by 1, 2

),

by_segment as (

    select *, 'all' as segment_type, 'all' as segment_value from by_day
    union all
    select *, 'marketing_channel' as segment_type, acquisition_channel as segment_value from by_day

),

sums as (

    select
        day_periods.grain,
        day_periods.period_index,
        by_segment.segment_type,
        by_segment.segment_value,
        cast(sum(by_segment.count_new_customers) as bigint) as count_new_customers,
        cast(sum(by_segment.count_second_orders) as bigint) as count_second_orders
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
        coalesce(sums.count_new_customers, 0) as count_new_customers,
        coalesce(sums.count_second_orders, 0) as count_second_orders,
        spine.is_complete
    from spine
    left join sums
        on spine.grain = sums.grain
        and spine.period_index = sums.period_index
        and spine.segment_type = sums.segment_type
        and spine.segment_value = sums.segment_value

)

select * from final
