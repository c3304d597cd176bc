-- One row per lifecycle, customer and interval in one stage, with the local days on which it begins and ends.
with

spans as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        entered_at,
        left_at
    from int_stage_spans

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

final as (

    select
        spans.lifecycle_number,
        spans.customer_key,
        spans.stage_rank,
        entry_slots.local_date as entered_date,
        exit_slots.local_date as left_date,
        spans.entered_at
    from spans
    inner join local_slots as entry_slots
        on cast(floor(to_unixtime(spans.entered_at) / 900) as bigint) = entry_slots.slot
    left join local_slots as exit_slots
        on cast(floor(to_unixtime(spans.left_at) / 900) as bigint) = exit_slots.slot

)

select * from final
