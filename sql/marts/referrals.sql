-- One row per invitation that a customer sent to a friend.
with

touchpoints as (

    select
        touchpoint_id,
        customer_id,
        event,
        occurred_at,
        properties
    from touchpoints
    where event in ('referral_sent', 'referral_accepted')

),

parameters as (

    select as_of_at
    from run_parameters

),

first_orders as (

    select
        customer_id,
        first_ordered_at
    from int_customer_first_orders

),

events as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.event,
        touchpoints.occurred_at,
        json_extract_scalar(touchpoints.properties, '$.referral_code') as referral_code,
        json_extract_scalar(touchpoints.properties, '$.share_via') as share_via
    from touchpoints
    cross join parameters
    where touchpoints.occurred_at < parameters.as_of_at

),

invitations as (

    select
        touchpoint_id,
        customer_id,
        occurred_at as sent_at,
        referral_code,
        share_via
    from events
    where event = 'referral_sent'

),

acceptances as (

    -- a person was won by one customer: the first whose code they used
    select
        touchpoint_id,
        customer_id,
        occurred_at as accepted_at,
        referral_code,
        row_number() over (
            partition by customer_id
            order by occurred_at asc, touchpoint_id asc
        ) as position_of_friend
    from events
    where event = 'referral_accepted'
        and referral_code is not null

),

placed as (

    -- of the invitations with the code the latest before it; nobody wins themselves
    select
        invitations.touchpoint_id,
        acceptances.customer_id as referred_customer_id,
        acceptances.accepted_at,
        row_number() over (
            partition by acceptances.touchpoint_id
            order by invitations.sent_at desc, invitations.touchpoint_id desc
        ) as position_before
    from acceptances
    inner join invitations
        on acceptances.referral_code = invitations.referral_code
        and invitations.sent_at <= acceptances.accepted_at
        and invitations.customer_id <> acceptances.customer_id
    where acceptances.position_of_friend = 1

),

friends as (

    -- an invitation may be passed on: it tells of the first friend who took it
    select
        touchpoint_id,
        referred_customer_id,
        accepted_at,
        count(*) over (partition by touchpoint_id) as count_accepted,
        row_number() over (
            partition by touchpoint_id
            order by accepted_at asc, referred_customer_id asc
        ) as position_of_friend
    from placed
    where position_before = 1

),

final as (

    select
        invitations.touchpoint_id as referral_id,
        invitations.customer_id,
        invitations.referral_code,
        invitations.share_via,
        invitations.sent_at,
        friends.accepted_at,
        friends.referred_customer_id,
        coalesce(friends.count_accepted, 0) as count_accepted,
        case
            when first_orders.first_ordered_at >= friends.accepted_at
                and first_orders.first_ordered_at <= cast(date_add('day', 90, friends.accepted_at) as timestamp)
                then first_orders.first_ordered_at
        end as converted_at
    from invitations
    left join friends
        on invitations.touchpoint_id = friends.touchpoint_id
        and friends.position_of_friend = 1
    left join first_orders
        on friends.referred_customer_id = first_orders.customer_id

)

select * from final
