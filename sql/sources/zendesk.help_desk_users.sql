select
    ingest_id,
    id as user_id,
    "role"
from source_rows
where "role" is not null
