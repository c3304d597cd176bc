with periods as (

    select
        *,
        coalesce(case when isfinite(try_cast(monthly_amount as double)) then try_cast(monthly_amount as json) end, to_json(monthly_amount)) as mrr
    from source_rows

)

select
    ingest_id,
    'mrr-playbook#' || subscription_id || '#start' as touchpoint_id,
    'subscription_started' as event,
    start_date as occurred_at,
    customer_id as user_id,
    'system' as channel,
    'USD' as currency_code,
    json_merge_patch('{}', json_object(
        'subscription_id', subscription_id, 'mrr', mrr, 'currency', 'USD', 'ends_on', end_date
    )) as properties
from periods

union all

-- A period without an end is still open.
select
    ingest_id,
    'mrr-playbook#' || subscription_id || '#end' as touchpoint_id,
    'subscription_ended' as event,
    end_date as occurred_at,
    customer_id as user_id,
    'system' as channel,
    'USD' as currency_code,
    json_merge_patch('{}', json_object(
        'subscription_id', subscription_id, 'mrr_lost', mrr, 'currency', 'USD'
    )) as properties
from periods
where end_date is not null
