-- One row per set of identifiers that a touchpoint can carry, with its customer.
with

identifiers_seen as (

    select
        identity_id,
        identifier_type,
        identifier_key
    from int_identifiers_seen

),

identifiers_known as (

    select
        identifier_type,
        identifier_key,
        priority,
        can_connect
    from int_identifiers_known

),

customer_identifiers as (

    select
        identifier_type,
        identifier_key,
        customer_id
    from customer_identifiers

),

ranked as (

    -- the user_id it carries decides; else the strongest identifier that is one person's; else a shared one
    select
        identifiers_seen.identity_id,
        customer_identifiers.customer_id,
        row_number() over (
            partition by identifiers_seen.identity_id
            order by
                case
                    when identifiers_seen.identifier_type = 'user_id' then 0
                    when identifiers_known.can_connect then 1
                    else 2
                end asc,
                identifiers_known.priority asc,
                identifiers_known.identifier_key asc
        ) as identifier_number
    from identifiers_seen
    inner join identifiers_known
        on identifiers_seen.identifier_type = identifiers_known.identifier_type
        and identifiers_seen.identifier_key = identifiers_known.identifier_key
    inner join customer_identifiers
        on identifiers_seen.identifier_type = customer_identifiers.identifier_type
        and identifiers_seen.identifier_key = customer_identifiers.identifier_key

),

final as (

    -- the models in between carry the number, which sorts and joins faster than the id
    select
        identity_id,
        customer_id,
        dense_rank() over (order by customer_id asc) as customer_number
    from ranked
    where identifier_number = 1

)

select * from final
