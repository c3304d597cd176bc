with named as (

    select
        *,
        case
            when event is null then 'survey_answered'
            when starts_with(snake_case(event), 'survey_') then snake_case(event)
            else 'survey_' || snake_case(event)
        end as event_name
    from source_rows

)

select
    ingest_id,
    event_name as event,
    occurred_at,
    customer_id as user_id,
    email,
    phone,
    lower(coalesce(channel, 'system')) as channel,
    json_merge_patch('{}', json_object(
        'survey_id', survey_id,
        'survey_type', lower(survey_type),
        'score', coalesce(case when isfinite(try_cast(score as double)) then try_cast(score as json) end, to_json(score)),
        'scale_min', coalesce(case when isfinite(try_cast(scale_min as double)) then try_cast(scale_min as json) end, to_json(scale_min)),
        'scale_max', coalesce(case when isfinite(try_cast(scale_max as double)) then try_cast(scale_max as json) end, to_json(scale_max)),
        'higher_is_better', coalesce(to_json(try_cast(higher_is_better as boolean)), to_json(higher_is_better)),
        'wave_id', wave_id,
        'trigger', lower("trigger"),
        'question_id', question_id,
        'sentiment_score', coalesce(case when isfinite(try_cast(sentiment_score as double)) then try_cast(sentiment_score as json) end, to_json(sentiment_score)),
        'language', language,
        'related_order_id', related_order_id,
        'ticket_id', ticket_id,
        'comment_length', to_json(length(comment))
    )) as properties
from named
