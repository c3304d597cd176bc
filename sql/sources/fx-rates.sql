select
    ingest_id,
    day,
    upper(from_currency_code) as from_currency_code,
    upper(to_currency_code) as to_currency_code,
    rate
from source_rows
