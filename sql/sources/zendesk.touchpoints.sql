select
    ingest_id,
    case when requester_id is not null then 'zendesk-ticket-' || id end as touchpoint_id,
    case when requester_id is not null then 'touchpoint' else 'identify' end as kind,
    case when requester_id is not null then 'ticket_created' end as event,
    created_at as occurred_at,
    coalesce(requester_id, id) as user_id,
    email,
    phone,
    case
        when via_channel in ('web', 'web_form', 'help_center', 'web_widget', 'web_service') then 'web'
        when via_channel in ('email', 'sms', 'whatsapp') then via_channel
        when via_channel in ('voice', 'phone') then 'call_center'
        when via_channel in ('chat', 'native_messaging', 'messaging') then 'live_chat'
        when via_channel in ('facebook', 'twitter', 'instagram', 'instagram_dm', 'any_channel') then 'social'
        when via_channel in ('mobile', 'mobile_sdk') then 'mobile'
        when requester_id is not null then 'system'
    end as channel,
    case
        when requester_id is not null then json_merge_patch('{}', json_object(
            'ticket_id', id,
            'requester_id', requester_id,
            'topic', "type",
            'priority', priority,
            'opened_via', via_channel
        ))
    end as properties,
    case when requester_id is not null and status = 'deleted' then 'deleted_ticket' end as reject_reason
from source_rows
where requester_id is not null
    or "role" = 'end-user'
