-- One row per event and channel that rules see together, with small numbers.
with

touchpoints as (

    select
        event,
        coalesce(channel, 'unknown') as channel
    from int_touchpoints_seen
    where not is_derived

),

kinds as (

    select
        event,
        channel
    from touchpoints
    group by 1, 2

),

final as (

    select
        event,
        channel,
        cast(row_number() over (order by event asc, channel asc) as integer) as kind_number,
        cast(dense_rank() over (order by event asc) as integer) as event_number,
        cast(dense_rank() over (order by channel asc) as integer) as channel_number
    from kinds

)

select * from final
