-- One row per grain, period from the first spend to the as-of period, and segment.
with

spend as (

    select
        marketing_channel,
        spend_amount,
        spend_date
    from spend

),

parameters as (

    select as_of_date
    from run_parameters

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
        coalesce(spend.marketing_channel, 'unknown') as marketing_channel,
        spend.spend_date,
        sum(spend.spend_amount) as spend_amount,
        count(*) as count_rows
    from spend
    cross join parameters
    where spend.spend_date <= parameters.as_of_date
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
        sum(by_segment.spend_amount) as spend_amount,
        cast(sum(by_segment.count_rows) as bigint) as count_rows
    from by_segment
    inner join day_periods
        on by_segment.spend_date = day_periods.calendar_date
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
        cast(coalesce(sums.spend_amount, 0) as decimal(18, 2)) as spend_amount,
        coalesce(sums.count_rows, 0) as count_rows,
        spine.is_complete
    from spine
    left join sums
        on spine.grain = sums.grain
        and spine.period_index = sums.period_index
        and spine.segment_type = sums.segment_type
        and spine.segment_value = sums.segment_value

)

select * from final
