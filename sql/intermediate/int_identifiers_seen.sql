-- One row per set of identifiers that were seen together, and identifier in it.
with

touchpoints as (

    select
        identity_id,
        user_id,
        email_key,
        phone_key,
        loyalty_id,
        device_id,
        anonymous_id,
        previous_id,
        occurred_at
    from stg_touchpoints

),

identity_sets as (

    -- rows of one set carry the same identifiers, so any of them will do
    select
        identity_id,
        min(user_id) as user_id,
        min(email_key) as email_key,
        min(phone_key) as phone_key,
        min(loyalty_id) as loyalty_id,
        min(device_id) as device_id,
        min(anonymous_id) as anonymous_id,
        min(previous_id) as previous_id,
        min(occurred_at) as first_seen_at
    from touchpoints
    group by 1

),

unpivoted as (

    select identity_id, 'user_id' as identifier_type, user_id as identifier_key, first_seen_at
    from identity_sets
    union all
    select identity_id, 'email' as identifier_type, email_key as identifier_key, first_seen_at
    from identity_sets
    union all
    select identity_id, 'phone' as identifier_type, phone_key as identifier_key, first_seen_at
    from identity_sets
    union all
    select identity_id, 'loyalty_id' as identifier_type, loyalty_id as identifier_key, first_seen_at
    from identity_sets
    union all
    select identity_id, 'device_id' as identifier_type, device_id as identifier_key, first_seen_at
    from identity_sets
    union all
    select identity_id, 'anonymous_id' as identifier_type, anonymous_id as identifier_key, first_seen_at
    from identity_sets
    union all
    select identity_id, 'anonymous_id' as identifier_type, previous_id as identifier_key, first_seen_at
    from identity_sets

),

final as (

    select
        identity_id,
        identifier_type,
        identifier_key,
        min(first_seen_at) as first_seen_at
    from unpivoted
    where identifier_key is not null
    group by 1, 2, 3

)

select * from final
