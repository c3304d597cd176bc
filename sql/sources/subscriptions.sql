with named as (

    select
        *,
        case
            when event is null then 'subscription_started'
            when starts_with(snake_case(event), 'subscription_')
                or snake_case(event) in ('trial_started', 'trial_ended', 'addon_purchased', 'save_offer_made', 'save_offer_accepted')
                then snake_case(event)
            else 'subscription_' || snake_case(event)
        end as event_name
    from source_rows

)

select
    ingest_id,
    event_name as event,
    occurred_at,
    customer_id as user_id,
    email,
    'system' as channel,
    group_id,
    upper(coalesce(currency, 'TRY')) as currency_code,
    json_merge_patch('{}', json_object(
        'subscription_id', subscription_id,
        'plan', plan,
        'from_plan', case when event_name in ('subscription_upgraded', 'subscription_downgraded') then from_plan end,
        'to_plan', case when event_name in ('subscription_upgraded', 'subscription_downgraded') then plan end,
        'mrr', coalesce(case when isfinite(try_cast(mrr as double)) then try_cast(mrr as json) end, to_json(mrr)),
        'previous_mrr', coalesce(case when isfinite(try_cast(previous_mrr as double)) then try_cast(previous_mrr as json) end, to_json(previous_mrr)),
        'mrr_lost', case when event_name = 'subscription_ended' then coalesce(case when isfinite(try_cast(mrr as double)) then try_cast(mrr as json) end, to_json(mrr)) end,
        'currency', upper(coalesce(currency, 'TRY')),
        'billing_period', billing_period,
        'term_months', coalesce(case when isfinite(try_cast(term_months as double)) then try_cast(term_months as json) end, to_json(term_months)),
        'seats', coalesce(case when isfinite(try_cast(seats as double)) then try_cast(seats as json) end, to_json(seats)),
        'discount', coalesce(case when isfinite(try_cast(discount as double)) then try_cast(discount as json) end, to_json(discount)),
        'ends_on', case when event_name <> 'trial_started' then ends_on end,
        'trial_end_date', case when event_name = 'trial_started' then ends_on end,
        'effective_on', effective_on,
        'until', until,
        'addon', addon,
        'offer', offer,
        'cause', cause,
        'reason', reason,
        'voluntary', coalesce(to_json(try_cast(voluntary as boolean)), to_json(voluntary))
    )) as properties
from named
