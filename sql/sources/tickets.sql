with named as (

    select
        *,
        case
            when event is null then 'ticket_created'
            when starts_with(snake_case(event), 'ticket_') then snake_case(event)
            else 'ticket_' || snake_case(event)
        end as event_name
    from source_rows

)

select
    ingest_id,
    event_name as event,
    occurred_at,
    customer_id as user_id,
    email,
    phone,
    lower(coalesce(channel, 'system')) as channel,
    product_id,
    json_merge_patch('{}', json_object(
        'ticket_id', ticket_id,
        'topic', topic,
        'priority', priority,
        'related_order_id', related_order_id,
        'author', author,
        'public', coalesce(to_json(try_cast(public as boolean)), to_json(public)),
        'from_status', from_status,
        'to_status', to_status,
        'opened_via', opened_via,
        'sla_policy', sla_policy,
        'resolution', resolution,
        'comment_length', to_json(length(comment))
    )) as properties
from named
