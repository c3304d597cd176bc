-- One row per measure, grain, period from the measure's first outcome to the as-of period, and segment.
with

survey_outcomes as (

    select
        measure,
        channel,
        stage_id,
        own_type,
        own_value,
        value,
        is_overall,
        is_mature,
        outcome_date
    from int_survey_outcomes

),

service_outcomes as (

    select
        measure,
        channel,
        own_type,
        own_value,
        value,
        is_mature,
        outcome_date
    from int_service_outcomes

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

outcomes as (

    select measure, channel, stage_id, own_type, own_value, value, is_overall, is_mature, outcome_date
    from survey_outcomes
    union all
    select measure, channel, null as stage_id, own_type, own_value, value, true as is_overall, is_mature, outcome_date
    from service_outcomes

),

by_segment as (

    select measure, 'all' as segment_type, 'all' as segment_value, value, is_mature, outcome_date
    from outcomes
    where is_overall
    union all
    select measure, 'channel' as segment_type, channel as segment_value, value, is_mature, outcome_date
    from outcomes
    where is_overall
        and channel is not null
    union all
    select measure, 'stage' as segment_type, stage_id as segment_value, value, is_mature, outcome_date
    from outcomes
    where is_overall
        and stage_id is not null
    union all
    select measure, own_type as segment_type, own_value as segment_value, value, is_mature, outcome_date
    from outcomes
    where own_value is not null

),

by_day as (

    -- squares for the interval of what has one; what is not mature yet is counted apart
    select
        measure,
        segment_type,
        segment_value,
        outcome_date,
        sum(case when is_mature then cast(value as decimal(38, 10)) end) as value_sum,
        sum(case when is_mature and measure in ('nps', 'csat', 'ces') then cast(value * value as bigint) end) as square_sum,
        count(case when is_mature then 1 end) as count_mature,
        count(case when not is_mature then 1 end) as count_immature
    from by_segment
    group by measure, segment_type, segment_value, outcome_date

),

sums as (

    select
        by_day.measure,
        by_day.segment_type,
        by_day.segment_value,
        day_periods.grain,
        day_periods.period_index,
        sum(by_day.value_sum) as value_sum,
        sum(by_day.square_sum) as square_sum,
        cast(sum(by_day.count_mature) as bigint) as count_mature,
        cast(sum(by_day.count_immature) as bigint) as count_immature
    from by_day
    inner join day_periods
        on by_day.outcome_date = day_periods.calendar_date
    group by 1, 2, 3, 4, 5

),

first_periods as (

    select
        measure,
        segment_type,
        segment_value,
        grain,
        min(period_index) as first_index
    from sums
    group by 1, 2, 3, 4

),

final as (

    select
        first_periods.measure,
        periods.grain,
        periods.period_start,
        first_periods.segment_type,
        first_periods.segment_value,
        coalesce(cast(sums.value_sum as double), 0) as value_sum,
        coalesce(cast(sums.square_sum as double), 0) as square_sum,
        coalesce(sums.count_mature, 0) as count_mature,
        coalesce(sums.count_immature, 0) as count_immature,
        periods.is_complete and coalesce(sums.count_immature, 0) = 0 as is_complete
    from first_periods
    inner join periods
        on first_periods.grain = periods.grain
        and first_periods.first_index <= periods.period_index
    left join sums
        on first_periods.measure = sums.measure
        and first_periods.segment_type = sums.segment_type
        and first_periods.segment_value = sums.segment_value
        and first_periods.grain = sums.grain
        and periods.period_index = sums.period_index

)

select * from final
