-- One row per lifecycle, stage, dimension (channel, event) and value, with what came of the customers' intervals there.
with

touches as (

    select
        lifecycle_number,
        customer_key,
        kind_number,
        count_touchpoints,
        entered_at
    from int_stage_touches

),

kinds as (

    select
        event,
        channel,
        kind_number,
        event_number,
        channel_number
    from int_touchpoint_kinds

),

stays as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        is_mature,
        is_advanced,
        entered_at
    from int_stay_durations

),

lapsed_spans as (

    select
        lifecycle_number,
        customer_key,
        entered_at,
        left_at
    from int_stage_spans
    where stage_rank = 0

),

lifecycles as (

    select
        lifecycle_id,
        position
    from lifecycles

),

stages as (

    select
        lifecycle_id,
        stage_id,
        stage_rank,
        within_days
    from lifecycle_stages

),

parameters as (

    select as_of_at
    from run_parameters

),

top_ranks as (

    select
        lifecycle_id,
        max(stage_rank) as top_rank
    from stages
    group by 1

),

lapsed_windows as (

    select
        lifecycles.position as lifecycle_number,
        cast(stages.within_days as bigint) * 86400000 as window_milliseconds
    from stages
    inner join lifecycles
        on stages.lifecycle_id = lifecycles.lifecycle_id
    where stages.stage_rank = 0

),

outcomes as (

    -- whatever follows lapsed is a higher stage
    select
        lifecycle_number,
        customer_key,
        stage_rank,
        is_mature,
        is_mature and is_advanced as is_moved_on,
        entered_at
    from stays
    union all
    select
        lapsed_spans.lifecycle_number,
        lapsed_spans.customer_key,
        0 as stage_rank,
        date_diff('millisecond', lapsed_spans.entered_at, parameters.as_of_at)
            >= lapsed_windows.window_milliseconds as is_mature,
        date_diff('millisecond', lapsed_spans.entered_at, parameters.as_of_at) >= lapsed_windows.window_milliseconds
            and coalesce(
                date_diff('millisecond', lapsed_spans.entered_at, lapsed_spans.left_at)
                    <= lapsed_windows.window_milliseconds,
                false
            ) as is_moved_on,
        lapsed_spans.entered_at
    from lapsed_spans
    inner join lapsed_windows
        on lapsed_spans.lifecycle_number = lapsed_windows.lifecycle_number
    cross join parameters

),

judged as (

    select
        touches.lifecycle_number,
        touches.customer_key,
        outcomes.stage_rank,
        kinds.event_number,
        kinds.channel_number,
        touches.count_touchpoints,
        outcomes.is_mature,
        outcomes.is_moved_on,
        touches.entered_at
    from touches
    inner join kinds
        on touches.kind_number = kinds.kind_number
    inner join outcomes
        on touches.lifecycle_number = outcomes.lifecycle_number
        and touches.customer_key = outcomes.customer_key
        and touches.entered_at = outcomes.entered_at

),

stays_by_channel as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        channel_number as value_number,
        is_mature,
        is_moved_on,
        entered_at,
        sum(count_touchpoints) as count_touchpoints
    from judged
    group by 1, 2, 3, 4, 5, 6, 7

),

stays_by_event as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        event_number as value_number,
        is_mature,
        is_moved_on,
        entered_at,
        sum(count_touchpoints) as count_touchpoints
    from judged
    group by 1, 2, 3, 4, 5, 6, 7

),

counted as (

    select
        'channel' as dimension,
        lifecycle_number,
        stage_rank,
        value_number,
        cast(sum(count_touchpoints) as bigint) as count_touchpoints,
        count(*) as count_stays,
        count(case when is_mature then 1 end) as count_mature_stays,
        count(case when is_moved_on then 1 end) as count_moved_on
    from stays_by_channel
    group by 2, 3, 4
    union all
    select
        'event' as dimension,
        lifecycle_number,
        stage_rank,
        value_number,
        cast(sum(count_touchpoints) as bigint) as count_touchpoints,
        count(*) as count_stays,
        count(case when is_mature then 1 end) as count_mature_stays,
        count(case when is_moved_on then 1 end) as count_moved_on
    from stays_by_event
    group by 2, 3, 4

),

labels as (

    select distinct 'channel' as dimension, channel_number as value_number, channel as value
    from kinds
    union all
    select distinct 'event' as dimension, event_number as value_number, event as value
    from kinds

),

final as (

    -- there is nowhere to move on to from the top
    select
        lifecycles.lifecycle_id,
        stages.stage_id,
        counted.dimension,
        labels.value,
        counted.count_touchpoints,
        counted.count_stays,
        counted.count_mature_stays,
        counted.count_moved_on,
        case
            when counted.stage_rank < top_ranks.top_rank
                then cast(counted.count_moved_on as double) / nullif(cast(counted.count_mature_stays as double), 0)
        end as moved_on_rate
    from counted
    inner join labels
        on counted.dimension = labels.dimension
        and counted.value_number = labels.value_number
    inner join lifecycles
        on counted.lifecycle_number = lifecycles.position
    inner join stages
        on lifecycles.lifecycle_id = stages.lifecycle_id
        and counted.stage_rank = stages.stage_rank
    inner join top_ranks
        on lifecycles.lifecycle_id = top_ranks.lifecycle_id

)

select * from final
