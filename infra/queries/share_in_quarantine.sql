-- Which sources lose items to quarantine, and how large a share.
select
    source,
    sum(case when outcome = 'accepted' then count_items else 0 end) as count_accepted,
    sum(case when outcome = 'quarantined' then count_items else 0 end) as count_quarantined,
    cast(sum(case when outcome = 'quarantined' then count_items else 0 end) as double)
        / nullif(sum(case when outcome = 'accepted' then count_items else 0 end), 0) as quarantine_rate
from ingest_ledger
group by 1
order by 4 desc nulls last
