-- One row per answered question of a survey before the as-of instant.
with

touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.event,
        touchpoints.channel,
        json_extract_scalar(touchpoints.properties, '$.survey_id') as survey_id,
        json_extract_scalar(touchpoints.properties, '$.survey_type') as survey_type,
        json_extract_scalar(touchpoints.properties, '$.wave_id') as wave_id,
        json_extract_scalar(touchpoints.properties, '$.trigger') as survey_trigger,
        json_extract_scalar(touchpoints.properties, '$.question_id') as question_id,
        json_extract_scalar(touchpoints.properties, '$.language') as answer_language,
        json_extract_scalar(touchpoints.properties, '$.ticket_id') as ticket_id,
        json_extract_scalar(touchpoints.properties, '$.related_order_id') as related_order_id,
        json_extract_scalar(touchpoints.properties, '$.higher_is_better') as higher_text,
        try_cast(json_extract_scalar(touchpoints.properties, '$.score') as double) as score,
        try_cast(json_extract_scalar(touchpoints.properties, '$.scale_min') as double) as scale_min,
        try_cast(json_extract_scalar(touchpoints.properties, '$.scale_max') as double) as scale_max,
        try_cast(json_extract_scalar(touchpoints.properties, '$.sentiment_score') as double) as sentiment_score,
        touchpoints.occurred_at
    from touchpoints
    cross join run_parameters
    where touchpoints.event in ('survey_sent', 'survey_answered')
        and touchpoints.occurred_at < run_parameters.as_of_at

),

sends as (

    -- a reminder is the same send
    select
        survey_id,
        customer_id,
        min(occurred_at) as sent_at
    from touchpoints
    where event = 'survey_sent'
    group by 1, 2

),

answers as (

    -- a survey of which no send is known was sent when it was answered; what the scale says nothing of is as the vocabulary has it
    select
        touchpoints.touchpoint_id,
        touchpoints.survey_id,
        touchpoints.customer_id,
        touchpoints.survey_type,
        touchpoints.survey_trigger,
        touchpoints.wave_id,
        touchpoints.question_id,
        touchpoints.channel,
        touchpoints.answer_language,
        touchpoints.ticket_id,
        touchpoints.related_order_id,
        touchpoints.score,
        touchpoints.scale_min,
        touchpoints.scale_max,
        touchpoints.sentiment_score,
        coalesce(touchpoints.higher_text, 'true') <> 'false' as is_higher_better,
        touchpoints.survey_trigger is not distinct from 'relationship' as is_relationship,
        touchpoints.occurred_at as answered_at,
        coalesce(case when sends.sent_at <= touchpoints.occurred_at then sends.sent_at end, touchpoints.occurred_at) as sent_at
    from touchpoints
    left join sends
        on touchpoints.survey_id = sends.survey_id
        and touchpoints.customer_id = sends.customer_id
    where touchpoints.event = 'survey_answered'

),

scaled as (

    -- points of the scale from the good end: 1 is the best answer. Of groups of promoters scales of ten or eleven points tell
    select
        *,
        case when is_higher_better then scale_max - score else score - scale_min end + 1 as points_from_best,
        scale_max - scale_min + 1 as count_points,
        coalesce(
            score between scale_min and scale_max
            and scale_min < scale_max
            and (survey_type <> 'nps' or scale_max - scale_min in (9, 10)),
            false
        ) as is_on_scale,
        row_number() over (
            partition by customer_id, survey_type, is_relationship, coalesce(wave_id, survey_id), coalesce(question_id, '')
            order by answered_at desc, touchpoint_id desc
        ) as number_from_last
    from answers

),

final as (

    select
        touchpoint_id,
        survey_id,
        customer_id,
        survey_type,
        survey_trigger,
        wave_id,
        question_id,
        channel,
        case
            when not is_on_scale then null
            when survey_type = 'nps' and points_from_best <= 2 then 'promoter'
            when survey_type = 'nps' and points_from_best <= 4 then 'passive'
            when survey_type = 'nps' then 'detractor'
        end as nps_group,
        answer_language,
        ticket_id,
        related_order_id,
        score,
        scale_min,
        scale_max,
        case when is_on_scale then (count_points - points_from_best) / nullif(count_points - 1, 0) end as scaled_score,
        sentiment_score,
        is_higher_better,
        is_on_scale,
        case
            when not is_on_scale then null
            when survey_type = 'csat' then points_from_best <= greatest(floor(count_points * 2 / 5), cast(1 as double))
            when survey_type = 'ces' then points_from_best <= floor(count_points * 3 / 7)
        end as is_top_box,
        is_relationship,
        number_from_last = 1 as is_last_of_wave,
        sent_at,
        answered_at
    from scaled

)

select * from final
