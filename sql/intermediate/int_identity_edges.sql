-- One row per ordered pair of identifiers that both may connect.
with

pairs as (

    select
        identifier_type,
        identifier_key,
        other_type,
        other_key
    from int_identifier_pairs

),

connecting as (

    select
        node,
        identifier_type,
        identifier_key
    from int_identifiers_known
    where can_connect

),

final as (

    select
        connecting.node,
        others.node as other_node
    from pairs
    inner join connecting
        on pairs.identifier_type = connecting.identifier_type
        and pairs.identifier_key = connecting.identifier_key
    inner join connecting as others
        on pairs.other_type = others.identifier_type
        and pairs.other_key = others.identifier_key

)

select * from final
