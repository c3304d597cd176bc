-- One row per source, outcome and reason: counts of received items.
with

receipts as (

    select
        source,
        items
    from receipts

),

raw_items as (

    select
        source,
        ingest_id
    from raw_items

),

quarantined_items as (

    select
        source,
        ingest_id,
        reason
    from quarantined_items

),

kept_touchpoints as (

    select distinct ingest_id
    from stg_touchpoints

),

kept_facts as (

    select distinct ingest_id
    from stg_kept_facts

),

kept as (

    select ingest_id from kept_touchpoints
    union
    select ingest_id from kept_facts

),

quarantined as (

    select
        source,
        ingest_id,
        min(reason) as reason
    from quarantined_items
    group by 1, 2

),

landed as (

    select
        raw_items.source,
        case when kept.ingest_id is null then 'duplicate' else 'loaded' end as outcome,
        '' as reason
    from raw_items
    left join kept
        on raw_items.ingest_id = kept.ingest_id
    left join quarantined
        on raw_items.ingest_id = quarantined.ingest_id
    where quarantined.ingest_id is null

),

counted as (

    select source, 'accepted' as outcome, '' as reason, cast(sum(items) as bigint) as count_items
    from receipts
    group by 1
    union all
    select source, 'quarantined' as outcome, reason, count(*) as count_items
    from quarantined
    group by 1, 3
    union all
    select source, outcome, reason, count(*) as count_items
    from landed
    group by 1, 2, 3

),

final as (

    select
        source,
        outcome,
        reason,
        count_items
    from counted

)

select * from final
