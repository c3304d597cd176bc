-- One row per customer and loyalty programme.
with

touchpoints as (

    select
        customer_id,
        event,
        occurred_at,
        properties
    from touchpoints
    where event in ('loyalty_joined', 'loyalty_points_earned', 'loyalty_points_redeemed', 'loyalty_points_expired')

),

parameters as (

    select as_of_at
    from run_parameters

),

entries as (

    select
        touchpoints.customer_id,
        coalesce(json_extract_scalar(touchpoints.properties, '$.programme'), 'unknown') as programme,
        touchpoints.event,
        touchpoints.occurred_at,
        coalesce(
            try_cast(json_extract_scalar(touchpoints.properties, '$.points') as decimal(18, 2)),
            cast(0 as decimal(18, 2))
        ) as points
    from touchpoints
    cross join parameters
    where touchpoints.occurred_at < parameters.as_of_at

),

sums as (

    select
        customer_id,
        programme,
        min(case when event = 'loyalty_joined' then occurred_at end) as joined_at,
        sum(case when event = 'loyalty_points_earned' then points else cast(0 as decimal(18, 2)) end) as earned_points,
        sum(case when event = 'loyalty_points_redeemed' then points else cast(0 as decimal(18, 2)) end) as redeemed_points,
        sum(case when event = 'loyalty_points_expired' then points else cast(0 as decimal(18, 2)) end) as expired_points
    from entries
    group by 1, 2

),

final as (

    select
        customer_id,
        programme,
        joined_at,
        cast(earned_points as decimal(18, 2)) as earned_points,
        cast(redeemed_points as decimal(18, 2)) as redeemed_points,
        cast(expired_points as decimal(18, 2)) as expired_points,
        cast(earned_points - redeemed_points - expired_points as decimal(18, 2)) as open_points
    from sums

)

select * from final
