-- One row per identifier, with what the identity rules say of it.
with

identifiers_seen as (

    select
        identifier_type,
        identifier_key,
        first_seen_at
    from int_identifiers_seen

),

pairs as (

    select
        identifier_type,
        identifier_key,
        other_type
    from int_identifier_pairs

),

partners_counted as (

    select
        identifier_type,
        identifier_key,
        other_type,
        count(*) as count_others
    from pairs
    where identifier_type <> other_type
    group by 1, 2, 3

),

shared as (

    -- a family's phone, a shop's tablet: what belongs to several persons says nothing of any one
    select distinct
        identifier_type,
        identifier_key
    from partners_counted
    where (other_type = 'user_id' and count_others > 1)
        or count_others > 5

),

since as (

    select
        identifier_type,
        identifier_key,
        min(first_seen_at) as first_seen_at
    from identifiers_seen
    group by 1, 2

),

final as (

    select
        row_number() over (order by since.identifier_type asc, since.identifier_key asc) as node,
        since.identifier_type,
        since.identifier_key,
        case since.identifier_type
            when 'user_id' then 1
            when 'email' then 2
            when 'phone' then 3
            when 'loyalty_id' then 4
            when 'device_id' then 5
            else 6
        end as priority,
        shared.identifier_key is null as can_connect,
        since.first_seen_at
    from since
    left join shared
        on since.identifier_type = shared.identifier_type
        and since.identifier_key = shared.identifier_key

)

select * from final
