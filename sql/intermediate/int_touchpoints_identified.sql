-- One row per touchpoint, thin: whose it is, when, and how its channel counts for visits.
with

touchpoints as (

    select
        touchpoint_id,
        identity_id,
        channel,
        session_id,
        occurred_at
    from stg_touchpoints
    where kind = 'touchpoint'

),

identity_customers as (

    select
        identity_id,
        customer_number
    from int_identity_customers

),

channels as (

    select
        channel,
        visit_kind
    from channels

),

final as (

    select
        touchpoints.touchpoint_id,
        identity_customers.customer_number,
        touchpoints.session_id,
        case
            when touchpoints.session_id is not null then 'given'
            when touchpoints.channel is null then 'visit'
            else coalesce(channels.visit_kind, 'none')
        end as visit_kind,
        touchpoints.occurred_at
    from touchpoints
    inner join identity_customers
        on touchpoints.identity_id = identity_customers.identity_id
    left join channels
        on touchpoints.channel = channels.channel

)

select * from final
