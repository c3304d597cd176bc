with named as (

    select
        *,
        snake_case(event) as event_name
    from source_rows

)

select
    ingest_id,
    'messages#' || event_id as touchpoint_id,
    event_name as event,
    occurred_at,
    customer_id as user_id,
    email,
    phone,
    lower(coalesce(channel, case
        when starts_with(event_name, 'push_') then 'push'
        when starts_with(event_name, 'sms_') then 'sms'
        when starts_with(event_name, 'whatsapp_') then 'whatsapp'
        else 'email'
    end)) as channel,
    campaign_name,
    json_merge_patch('{}', json_object(
        'message_id', message_id,
        'email_id', case when starts_with(event_name, 'email_') or event_name = 'unsubscribed' then message_id end,
        'campaign_name', campaign_name,
        'flow', flow,
        'flow_step', coalesce(case when isfinite(try_cast(flow_step as double)) then try_cast(flow_step as json) end, to_json(flow_step)),
        'template', template,
        'category', category,
        'link_url', link_url,
        'list_id', list_id,
        'machine_open', coalesce(to_json(try_cast(machine_open as boolean)), to_json(machine_open))
    )) as properties
from named
