-- One row per identifier, with the customer it belongs to.
with

identifiers as (

    select
        node,
        identifier_type,
        identifier_key,
        priority,
        first_seen_at
    from int_identifiers_known

),

labels as (

    select
        node,
        label
    from int_identity_labels_4

),

edges as (

    select
        node,
        other_node
    from int_identity_edges

),

labelled as (

    select
        identifiers.node,
        identifiers.identifier_type,
        identifiers.identifier_key,
        identifiers.priority,
        identifiers.first_seen_at,
        labels.label
    from identifiers
    left join labels
        on identifiers.node = labels.node

),

types_counted as (

    select
        label,
        identifier_type,
        count(*) as count_identifiers
    from labelled
    where label is not null
    group by 1, 2

),

oversized as (

    -- still two persons in one, or too many of a kind to be one person's
    select distinct label
    from types_counted
    where (identifier_type = 'user_id' and count_identifiers > 1)
        or count_identifiers > 5

),

direct_users as (

    select
        edges.node,
        min(edges.other_node) as user_node
    from edges
    inner join identifiers
        on edges.other_node = identifiers.node
    where identifiers.identifier_type = 'user_id'
    group by 1

),

grouped as (

    select
        labelled.node,
        labelled.identifier_type,
        labelled.identifier_key,
        labelled.priority,
        labelled.first_seen_at,
        case
            when labelled.label is null or labelled.identifier_type = 'user_id' then labelled.node
            when oversized.label is not null then coalesce(direct_users.user_node, labelled.node)
            else labelled.label
        end as person
    from labelled
    left join oversized
        on labelled.label = oversized.label
    left join direct_users
        on labelled.node = direct_users.node

),

users_of_components as (

    -- in a component of normal size the one user_id names the person, whatever the label was
    select
        labelled.label,
        min(labelled.node) as user_node
    from labelled
    left join oversized
        on labelled.label = oversized.label
    where labelled.identifier_type = 'user_id'
        and labelled.label is not null
        and oversized.label is null
    group by 1

),

persons as (

    select
        grouped.node,
        grouped.identifier_type,
        grouped.identifier_key,
        grouped.priority,
        grouped.first_seen_at,
        coalesce(users_of_components.user_node, grouped.person) as person
    from grouped
    left join users_of_components
        on grouped.person = users_of_components.label

),

ranked as (

    select
        person,
        identifier_type,
        identifier_key,
        row_number() over (
            partition by person
            order by priority asc, first_seen_at asc, identifier_key asc
        ) as identifier_number
    from persons

),

customers as (

    select
        person,
        case
            when identifier_type = 'user_id' then identifier_key
            else concat('c_', lower(to_hex(md5(to_utf8(concat(concat(identifier_type, ':'), identifier_key))))))
        end as customer_id
    from ranked
    where identifier_number = 1

),

final as (

    select
        persons.identifier_type,
        persons.identifier_key,
        customers.customer_id,
        persons.first_seen_at as valid_from
    from persons
    inner join customers
        on persons.person = customers.person

)

select * from final
