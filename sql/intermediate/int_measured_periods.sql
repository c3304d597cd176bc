-- One row per measure, grain (week to year), period from its first fact to the as-of period, and segment.
with

measured_days as (

    select
        measure,
        fact_date,
        segment_type,
        segment_value,
        part,
        whole,
        count_facts,
        settle_days
    from int_purchase_days
    union all
    select
        measure,
        fact_date,
        segment_type,
        segment_value,
        part,
        whole,
        count_facts,
        settle_days
    from int_message_days

),

day_periods as (

    select
        calendar_date,
        grain,
        period_start
    from int_day_periods
    where grain <> 'day'

),

periods as (

    select
        grain,
        period_start
    from int_periods
    where grain <> 'day'

),

last_complete_day as (

    select max(period_start) as calendar_date
    from int_periods
    where grain = 'day'
        and is_complete

),

settling as (

    select
        measure,
        max(settle_days) as settle_days
    from measured_days
    group by 1

),

period_ends as (

    select
        day_periods.grain,
        day_periods.period_start,
        settling.measure,
        coalesce(
            cast(date_add('day', max(settling.settle_days), max(day_periods.calendar_date)) as date)
                <= max(last_complete_day.calendar_date),
            false
        ) as is_complete
    from day_periods
    cross join settling
    cross join last_complete_day
    group by 1, 2, 3

),

sums as (

    select
        measured_days.measure,
        day_periods.grain,
        day_periods.period_start,
        measured_days.segment_type,
        measured_days.segment_value,
        sum(measured_days.part) as part,
        sum(measured_days.whole) as whole,
        sum(measured_days.count_facts) as count_facts
    from measured_days
    inner join day_periods
        on measured_days.fact_date = day_periods.calendar_date
    group by 1, 2, 3, 4, 5

),

segments as (

    select
        measure,
        grain,
        segment_type,
        segment_value,
        min(period_start) as first_start
    from sums
    group by 1, 2, 3, 4

),

final as (

    select
        segments.measure,
        segments.grain,
        periods.period_start,
        segments.segment_type,
        segments.segment_value,
        cast(coalesce(sums.part, 0) as decimal(18, 2)) as part,
        cast(coalesce(sums.whole, 0) as decimal(18, 2)) as whole,
        cast(coalesce(sums.count_facts, 0) as bigint) as count_facts,
        period_ends.is_complete
    from segments
    inner join periods
        on segments.grain = periods.grain
        and segments.first_start <= periods.period_start
    inner join period_ends
        on periods.grain = period_ends.grain
        and periods.period_start = period_ends.period_start
        and segments.measure = period_ends.measure
    left join sums
        on segments.measure = sums.measure
        and segments.grain = sums.grain
        and segments.segment_type = sums.segment_type
        and segments.segment_value = sums.segment_value
        and periods.period_start = sums.period_start

)

select * from final
