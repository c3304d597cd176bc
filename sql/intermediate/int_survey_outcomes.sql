-- One row per measure, and send, answer or review that it looks at.
with

answers as (

    select
        touchpoint_id,
        survey_id,
        customer_id,
        survey_type,
        survey_trigger,
        channel,
        stage_id,
        nps_group,
        ticket_id,
        scaled_score,
        sentiment_score,
        is_on_scale,
        is_top_box,
        is_relationship,
        is_last_of_wave,
        answered_date,
        answered_at
    from survey_answers

),

touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.event,
        touchpoints.channel,
        json_extract_scalar(touchpoints.properties, '$.survey_id') as survey_id,
        json_extract_scalar(touchpoints.properties, '$.survey_type') as survey_type,
        json_extract_scalar(touchpoints.properties, '$.ticket_id') as ticket_id,
        try_cast(json_extract_scalar(touchpoints.properties, '$.sentiment_score') as double) as sentiment_score,
        cast(floor(to_unixtime(touchpoints.occurred_at) / 900) as bigint) as slot,
        touchpoints.occurred_at
    from touchpoints
    cross join run_parameters
    where touchpoints.event in (
            'survey_sent', 'feedback_closed', 'product_reviewed', 'business_reviewed', 'brand_mentioned'
        )
        and touchpoints.occurred_at < run_parameters.as_of_at

),

parameters as (

    select as_of_at
    from run_parameters

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

sends as (

    -- a reminder is the same send
    select
        survey_id,
        customer_id,
        survey_type,
        channel,
        slot,
        occurred_at as sent_at,
        row_number() over (
            partition by survey_id, customer_id
            order by occurred_at asc, touchpoint_id asc
        ) as send_number
    from touchpoints
    where event = 'survey_sent'

),

answered as (

    select distinct
        survey_id,
        customer_id
    from answers

),

closings as (

    -- by the survey, or by the ticket that it asked about
    select
        answers.touchpoint_id,
        min(touchpoints.occurred_at) as closed_at
    from answers
    inner join touchpoints
        on answers.customer_id = touchpoints.customer_id
        and touchpoints.event = 'feedback_closed'
        and (answers.survey_id = touchpoints.survey_id or answers.ticket_id = touchpoints.ticket_id)
        and answers.answered_at <= touchpoints.occurred_at
    where answers.nps_group = 'detractor'
    group by 1

),

scores as (

    select
        'nps' as measure,
        case nps_group when 'promoter' then 100 when 'detractor' then -100 else 0 end as value,
        answers.*
    from answers
    where survey_type = 'nps'
        and is_on_scale
        and is_last_of_wave
    union all
    select survey_type as measure, case when is_top_box then 1 else 0 end as value, answers.*
    from answers
    where survey_type in ('csat', 'ces')
        and is_on_scale
        and is_last_of_wave
    union all
    select concat(survey_type, '_mean') as measure, scaled_score as value, answers.*
    from answers
    where survey_type in ('csat', 'ces')
        and is_on_scale
        and is_last_of_wave

),

final as (

    -- overall the NPS is that of the relationship, and satisfaction and effort those of what just happened: never both in one
    select
        measure,
        channel,
        stage_id,
        'trigger' as own_type,
        coalesce(survey_trigger, 'unknown') as own_value,
        cast(value as double) as value,
        is_relationship = (measure = 'nps') as is_overall,
        true as is_mature,
        answered_date as outcome_date
    from scores
    union all
    select
        'survey_response_rate' as measure,
        sends.channel,
        cast(null as varchar) as stage_id,
        'survey_type' as own_type,
        coalesce(sends.survey_type, 'unknown') as own_value,
        case when answered.survey_id is not null then cast(1 as double) else cast(0 as double) end as value,
        true as is_overall,
        cast(date_add('day', 14, sends.sent_at) as timestamp) <= parameters.as_of_at as is_mature,
        local_slots.local_date as outcome_date
    from sends
    cross join parameters
    inner join local_slots
        on sends.slot = local_slots.slot
    left join answered
        on sends.survey_id = answered.survey_id
        and sends.customer_id = answered.customer_id
    where sends.send_number = 1
    union all
    select
        'closed_loop_rate' as measure,
        answers.channel,
        answers.stage_id,
        'trigger' as own_type,
        coalesce(answers.survey_trigger, 'unknown') as own_value,
        case
            when closings.closed_at <= cast(date_add('day', 7, answers.answered_at) as timestamp) then cast(1 as double)
            else cast(0 as double)
        end as value,
        true as is_overall,
        cast(date_add('day', 7, answers.answered_at) as timestamp) <= parameters.as_of_at as is_mature,
        answers.answered_date as outcome_date
    from answers
    cross join parameters
    left join closings
        on answers.touchpoint_id = closings.touchpoint_id
    where answers.nps_group = 'detractor'
    union all
    select
        'sentiment_score' as measure,
        channel,
        stage_id,
        'told_in' as own_type,
        'survey_answered' as own_value,
        sentiment_score as value,
        true as is_overall,
        true as is_mature,
        answered_date as outcome_date
    from answers
    where sentiment_score between -1 and 1
    union all
    select
        'sentiment_score' as measure,
        touchpoints.channel,
        cast(null as varchar) as stage_id,
        'told_in' as own_type,
        touchpoints.event as own_value,
        touchpoints.sentiment_score as value,
        true as is_overall,
        true as is_mature,
        local_slots.local_date as outcome_date
    from touchpoints
    inner join local_slots
        on touchpoints.slot = local_slots.slot
    where touchpoints.event in ('product_reviewed', 'business_reviewed', 'brand_mentioned')
        and touchpoints.sentiment_score between -1 and 1

)

select * from final
