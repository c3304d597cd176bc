select
    ingest_id,
    day,
    lower(marketing_channel) as marketing_channel,
    campaign_source,
    campaign_medium,
    campaign_name,
    ad_group,
    objective_stage,
    lower(coalesce(cost_type, 'media')) as cost_type,
    amount,
    upper(currency_code) as currency_code,
    impressions,
    clicks,
    reach,
    planned_amount
from source_rows
