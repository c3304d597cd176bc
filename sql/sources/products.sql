select
    ingest_id,
    product_id,
    name,
    category,
    brand,
    unit_cost,
    list_price,
    upper(coalesce(currency_code, 'TRY')) as currency_code,
    coalesce(valid_from, '1970-01-01') as valid_from
from source_rows
