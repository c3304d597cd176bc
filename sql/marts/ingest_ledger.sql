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

stg_touchpoints as (

    select ingest_id
    from stg_touchpoints

),

kept_facts as (

    select ingest_id
    from stg_kept_facts

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
        source,
        case
            when ingest_id in (select ingest_id from stg_touchpoints) then 'loaded'
            when ingest_id in (select ingest_id from kept_facts) then 'loaded'
            else 'duplicate'
        end as outcome,
        '' as reason
    from raw_items
    where ingest_id not in (select ingest_id from quarantined)

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
