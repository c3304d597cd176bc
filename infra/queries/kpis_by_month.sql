-- Every KPI of the complete months, overall.
select
    kpi_id,
    lifecycle_id,
    period_start,
    value,
    unit,
    currency_code,
    target,
    null_reason
from kpi_values
where grain = 'month' and segment_type = 'all' and is_complete
order by 1, 2, 3 desc
