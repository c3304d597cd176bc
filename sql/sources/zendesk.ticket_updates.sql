select
    ingest_id,
    concat_ws('/', ticket_id, id, field_name, "value", updated, sla_policy_id, policy_applied_at) as update_id,
    ticket_id,
    case
        when policy_applied_at is not null then 'ticket_policy_applied'
        when field_name = 'status' then 'ticket_status_changed'
        when field_name = 'priority' then 'ticket_priority_set'
        when field_name is not null then 'ticket_field_changed'
        else 'ticket_replied'
    end as event,
    coalesce(policy_applied_at, updated, created) as occurred_at,
    case when field_name is null then user_id end as author_id,
    try_cast("public" as boolean) as is_public,
    case
        when policy_applied_at is not null then sla_policy_id
        when "value" = 'on-hold' then 'hold'
        else "value"
    end as "value"
from source_rows
where ticket_id is not null
    and (policy_applied_at is not null or field_name is not null or created is not null)
