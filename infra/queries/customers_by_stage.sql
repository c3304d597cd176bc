-- How many customers each stage holds now.
select
    lifecycle_id,
    stage_id,
    count(*) as count_customers
from stage_memberships
where left_at is null
group by 1, 2
order by 1, 2
