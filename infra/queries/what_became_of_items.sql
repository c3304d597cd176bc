-- What became of everything that was received: accepted = loaded + duplicate + quarantined.
select
    source,
    outcome,
    reason,
    count_items
from ingest_ledger
order by 1, 2, 4 desc
