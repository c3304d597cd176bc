-- Which run each part of the catalogue shows: more than one only while a switch is under way.
select 'customers' as relation, run_id, count(*) as count_rows from customers group by 1, 2
union all
select 'orders', run_id, count(*) from orders group by 1, 2
union all
select 'kpi_values', run_id, count(*) from kpi_values group by 1, 2
order by 1, 2
