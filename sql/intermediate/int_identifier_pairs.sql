-- One row per identifier and other identifier that one touchpoint carried together.
with

identifiers_seen as (

    select
        identity_id,
        identifier_type,
        identifier_key
    from int_identifiers_seen

),

final as (

    select distinct
        identifiers_seen.identifier_type,
        identifiers_seen.identifier_key,
        others.identifier_type as other_type,
        others.identifier_key as other_key
    from identifiers_seen
    inner join identifiers_seen as others
        on identifiers_seen.identity_id = others.identity_id
    where identifiers_seen.identifier_type <> others.identifier_type
        or identifiers_seen.identifier_key <> others.identifier_key

)

select * from final
