-- One row per landed row whose touchpoint id was received earlier by another item.
with

raw_touchpoints as (

    select
        touchpoint_id,
        ingest_id,
        received_at
    from raw_touchpoints

),

repeated_ids as (

    -- most ids come once: ranking only the others keeps the sort small
    select touchpoint_id
    from raw_touchpoints
    group by 1
    having count(*) > 1

),

ranked as (

    select
        raw_touchpoints.touchpoint_id,
        raw_touchpoints.ingest_id,

        -- rows of one item never drop each other: both would be lost, where a failed grain check is heard
        dense_rank() over (
            partition by raw_touchpoints.touchpoint_id
            order by raw_touchpoints.received_at asc, raw_touchpoints.ingest_id asc
        ) as received_number
    from raw_touchpoints
    inner join repeated_ids
        on raw_touchpoints.touchpoint_id = repeated_ids.touchpoint_id

),

final as (

    select distinct
        touchpoint_id,
        ingest_id
    from ranked
    where received_number > 1

)

select * from final
