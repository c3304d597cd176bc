-- One row per grain, period from the first visit to the as-of period, and segment.
with

visits as (

    select
        marketing_channel,
        is_mobile,
        has_order,
        has_add,
        visit_date
    from int_visits

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

by_day as (

    select
        marketing_channel,
        visit_date,
        count(*) as count_visits,
        count_if(has_order) as count_with_order,
        count_if(has_add) as count_with_add,
        count_if(is_mobile) as count_mobile,
        count(is_mobile) as count_known_device
    from visits
    group by 1, 2

),

by_segment as (

    select *, 'all' as segment_type, 'all' as segment_value from by_day
    union all
    select *, 'marketing_channel' as segment_type, marketing_channel as segment_value from by_day

),

sums as (

    select
        day_periods.grain,
        day_periods.period_index,
        by_segment.segment_type,
        by_segment.segment_value,
        cast(sum(by_segment.count_visits) as bigint) as count_visits,
        cast(sum(by_segment.count_with_order) as bigint) as count_with_order,
        cast(sum(by_segment.count_with_add) as bigint) as count_with_add,
        cast(sum(by_segment.count_mobile) as bigint) as count_mobile,
        cast(sum(by_segment.count_known_device) as bigint) as count_known_device
    from by_segment
    inner join day_periods
        on by_segment.visit_date = day_periods.calendar_date
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
        coalesce(sums.count_visits, 0) as count_visits,
        coalesce(sums.count_with_order, 0) as count_with_order,
        coalesce(sums.count_with_add, 0) as count_with_add,
        coalesce(sums.count_mobile, 0) as count_mobile,
        coalesce(sums.count_known_device, 0) as count_known_device,
        spine.is_complete
    from spine
    left join sums
        on spine.grain = sums.grain
        and spine.period_index = sums.period_index
        and spine.segment_type = sums.segment_type
        and spine.segment_value = sums.segment_value

)

select * from final
