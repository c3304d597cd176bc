-- Stages that lose most customers against their target, of complete months.
select
    lifecycle_id,
    stage_id,
    entry_month,
    count_entered,
    advance_rate,
    target_rate,
    count_shortfall
from stage_dropoffs
where count_immature = 0
order by count_shortfall desc nulls last, lifecycle_id, stage_id, entry_month
limit 50
