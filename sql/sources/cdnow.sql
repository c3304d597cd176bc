select
    ingest_id,
    'order_completed' as event,
    -- The day stands for its midnight; a day that does not exist goes on as it is and is quarantined.
    coalesce(strftime(try_strptime(day, '%Y%m%d'), '%Y-%m-%dT%H:%M:%SZ'), day) as occurred_at,
    sample_id as user_id,
    'web' as channel,
    quantity,
    -- Nothing paid counts as a purchase in the published figures; an order of a known zero would not count here.
    case when try_cast(dollars as decimal(18, 2)) = 0 then null else dollars end as amount,
    'USD' as currency_code
from source_rows
