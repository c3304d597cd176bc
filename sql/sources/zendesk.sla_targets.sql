select
    ingest_id,
    sla_policy_id as policy,
    sla_policy_updated_at as valid_from,
    case metric
        when 'first_reply_time' then 'first_reply'
        when 'full_resolution_time' then 'resolution'
        else metric
    end as metric,
    priority,
    target as target_minutes,
    try_cast(business_hours as boolean) as is_business_time
from source_rows
where metric is not null
