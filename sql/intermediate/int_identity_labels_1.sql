-- One row per identifier that may connect, with the smallest label within reach.
with

nodes as (

    select
        node,
        node as label
    from int_identifiers_known
    where can_connect

),

edges as (

    select
        node,
        other_node
    from int_identity_edges
    union all
    select
        node,
        node as other_node
    from int_identifiers_known
    where can_connect

),

round_1 as (

    select
        edges.node,
        min(nodes.label) as label
    from edges
    inner join nodes
        on edges.other_node = nodes.node
    group by 1

),

round_2 as (

    select
        edges.node,
        min(round_1.label) as label
    from edges
    inner join round_1
        on edges.other_node = round_1.node
    group by 1

),

round_3 as (

    select
        edges.node,
        min(round_2.label) as label
    from edges
    inner join round_2
        on edges.other_node = round_2.node
    group by 1

),

final as (

    select
        node,
        label
    from round_3

)

select * from final
