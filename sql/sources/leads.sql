with named as (

    select
        *,
        case
            when event is null then 'lead_created'
            when starts_with(snake_case(event), 'lead_') then snake_case(event)
            else 'lead_' || snake_case(event)
        end as event_name
    from source_rows

)

select
    ingest_id,
    event_name as event,
    occurred_at,
    customer_id as user_id,
    anonymous_id,
    email,
    phone,
    lower(coalesce(channel, case when event_name = 'lead_created' then 'web' else 'system' end)) as channel,
    campaign_source,
    campaign_medium,
    campaign_name,
    json_merge_patch('{}', json_object(
        'lead_id', lead_id,
        'lead_source', lead_source,
        'form_id', form_id,
        'company', company,
        'title', title,
        'qualification', lower(qualification),
        'score', coalesce(case when isfinite(try_cast(score as double)) then try_cast(score as json) end, to_json(score)),
        'owner', owner,
        'reason', reason,
        'consent_text_version', consent_text_version
    )) as properties
from named
