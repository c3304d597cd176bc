-- One row per identifier that may connect, with the smallest label within reach.
with

labelled as (

    select
        node,
        label
    from int_identity_labels_2

),

nodes as (

    -- what has one label is one node now, so each stage sees a smaller graph
    select distinct
        label as node,
        label
    from labelled

),

identity_edges as (

    select
        node,
        other_node
    from int_identity_edges

),

edges as (

    select distinct
        labelled.label as node,
        others.label as other_node
    from identity_edges
    inner join labelled
        on identity_edges.node = labelled.node
    inner join labelled as others
        on identity_edges.other_node = others.node
    union
    select
        label as node,
        label as other_node
    from labelled

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
        labelled.node,
        round_3.label
    from labelled
    inner join round_3
        on labelled.label = round_3.node

)

select * from final
