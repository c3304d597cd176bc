-- One row per ordered pair of identifiers that both may connect.
with

pairs as (

    select
        concat(concat(identifier_type, ':'), identifier_key) as node,
        concat(concat(other_type, ':'), other_key) as other_node
    from int_identifier_pairs

),

connecting as (

    select node
    from int_identifiers_known
    where can_connect

),

final as (

    select
        pairs.node,
        pairs.other_node
    from pairs
    inner join connecting
        on pairs.node = connecting.node
    inner join connecting as others
        on pairs.other_node = others.node

)

select * from final
