-- One row per quarter hour (UTC) that holds a touchpoint, with its local day.
with

touchpoints as (

    select occurred_at
    from stg_touchpoints

),

calendar_days as (

    select
        calendar_date,
        starts_at,
        ends_at
    from calendar_days

),

slots as (

    -- every zone's midnight falls on a quarter hour, so a slot never crosses one
    select
        cast(floor(to_unixtime(occurred_at) / 900) as bigint) as slot,
        min(occurred_at) as first_at
    from touchpoints
    group by 1

),

candidates as (

    -- the local day is the UTC day or a neighbour of it: an equality join instead of a range join
    select
        slots.slot,
        slots.first_at,
        cast(date_add('day', offsets.day_offset, cast(slots.first_at as date)) as date) as candidate_date
    from slots
    cross join (values (-1), (0), (1)) as offsets (day_offset)

),

final as (

    select
        candidates.slot,
        calendar_days.calendar_date as local_date
    from candidates
    inner join calendar_days
        on candidates.candidate_date = calendar_days.calendar_date
    where candidates.first_at >= calendar_days.starts_at
        and candidates.first_at < calendar_days.ends_at

)

select * from final
