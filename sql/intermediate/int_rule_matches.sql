-- One row per matcher and touchpoint that it takes, thin: whose and when.
with

matched as (

    select
        customer_id,
        matcher,
        rule_key,
        occurred_at
    from int_touchpoints_matched

),

customer_keys as (

    select
        customer_id,
        customer_key
    from int_customer_keys

),

final as (

    select
        matched.rule_key,
        customer_keys.customer_key,
        matched.matcher = 'after' as is_after,
        matched.occurred_at
    from matched
    inner join customer_keys
        on matched.customer_id = customer_keys.customer_id

)

select * from final
