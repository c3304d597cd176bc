-- One row per customer and session, with what brought the person there.
with

touchpoints as (

    select
        customer_id,
        session_id,
        marketing_channel,
        occurred_at,
        touchpoint_id
    from touchpoints
    where session_id is not null
        and marketing_channel is not null

),

final as (

    select
        customer_id,
        session_id,
        min(marketing_channel) as marketing_channel,
        min(occurred_at) as started_at,
        min(touchpoint_id) as touchpoint_id
    from touchpoints
    group by 1, 2

)

select * from final
