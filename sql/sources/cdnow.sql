select
    ingest_id,
    'order_completed' as event,
    -- The day stands for its midnight; a day that does not exist goes on as it is and is quarantined.
    coalesce(strftime(try_strptime(day, '%Y%m%d'), '%Y-%m-%dT%H:%M:%SZ'), day) as occurred_at,
    sample_id as user_id,
    'web' as channel,
    quantity,
    dollars as amount,
    'USD' as currency_code
from source_rows
