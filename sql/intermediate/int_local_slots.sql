-- One row per quarter hour (UTC) of the calendar, with its local day.
with

calendar_days as (

    select
        calendar_date,
        starts_at,
        ends_at
    from calendar_days

),

bounds as (

    -- every zone's midnight falls on a quarter hour, so a slot never crosses one
    select
        calendar_date,
        cast(floor(to_unixtime(starts_at) / 900) as bigint) as first_slot,
        cast(floor(to_unixtime(ends_at) / 900) as bigint) as next_slot
    from calendar_days

),

offsets as (

    -- a day with a change of the clock, or of the date line, has more than 96
    select offset_number
    from unnest(sequence(0, 199)) as offset_numbers (offset_number)

),

final as (

    select
        bounds.first_slot + offsets.offset_number as slot,
        bounds.calendar_date as local_date
    from bounds
    cross join offsets
    where bounds.first_slot + offsets.offset_number < bounds.next_slot

)

select * from final
