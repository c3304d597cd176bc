-- One row per measure of messages, advocacy and loyalty, local day and segment: what is counted of what.
with

messages as (

    select
        channel,
        message_id,
        sent_at,
        delivered_at,
        opened_at,
        clicked_at,
        replied_at,
        unsubscribed_at,
        complained_at
    from messages

),

referrals as (

    select
        sent_at,
        converted_at
    from referrals

),

reviews as (

    -- ratings of products on a scale of their own, brought to five
    select
        touchpoints.occurred_at,
        try_cast(json_extract_scalar(touchpoints.properties, '$.rating') as decimal(18, 6)) as rating,
        coalesce(
            try_cast(json_extract_scalar(touchpoints.properties, '$.rating_max') as decimal(18, 6)),
            cast(5 as decimal(18, 6))
        ) as rating_max
    from touchpoints
    cross join run_parameters
    where touchpoints.event = 'product_reviewed'
        and touchpoints.occurred_at < run_parameters.as_of_at

),

points as (

    select
        touchpoints.event,
        touchpoints.occurred_at,
        try_cast(json_extract_scalar(touchpoints.properties, '$.points') as decimal(18, 2)) as points
    from touchpoints
    cross join run_parameters
    where touchpoints.event in ('loyalty_points_earned', 'loyalty_points_redeemed')
        and touchpoints.occurred_at < run_parameters.as_of_at

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

dated_messages as (

    select
        messages.*,
        local_slots.local_date as fact_date
    from messages
    inner join local_slots
        on cast(floor(to_unixtime(messages.sent_at) / 900) as bigint) = local_slots.slot

),

facts as (

    select
        'delivery_rate' as measure,
        fact_date,
        channel,
        case when delivered_at is not null then 1 else 0 end as part
    from dated_messages
    union all
    select
        'click_rate' as measure,
        fact_date,
        channel,
        case when clicked_at is not null then 1 else 0 end as part
    from dated_messages
    where delivered_at is not null
    union all
    select
        'unsubscribe_rate' as measure,
        fact_date,
        channel,
        case when unsubscribed_at is not null then 1 else 0 end as part
    from dated_messages
    where delivered_at is not null
        and channel in ('email', 'sms')
    union all
    select
        'open_rate' as measure,
        fact_date,
        channel,
        case when opened_at is not null then 1 else 0 end as part
    from dated_messages
    where delivered_at is not null
        and channel = 'email'
    union all
    select
        'spam_complaint_rate' as measure,
        fact_date,
        channel,
        case when complained_at is not null then 1 else 0 end as part
    from dated_messages
    where delivered_at is not null
        and channel = 'email'
    union all
    select
        'whatsapp_read_rate' as measure,
        fact_date,
        channel,
        case when opened_at is not null then 1 else 0 end as part
    from dated_messages
    where delivered_at is not null
        and channel = 'whatsapp'
    union all
    select
        'whatsapp_reply_rate' as measure,
        fact_date,
        channel,
        case when replied_at is not null then 1 else 0 end as part
    from dated_messages
    where delivered_at is not null
        and channel = 'whatsapp'
    union all
    select
        'push_tap_rate' as measure,
        fact_date,
        channel,
        case when clicked_at is not null then 1 else 0 end as part
    from dated_messages
    where delivered_at is not null
        and channel = 'push'

),

by_segment as (

    select
        measure,
        fact_date,
        'all' as segment_type,
        'all' as segment_value,
        part
    from facts
    union all
    select
        measure,
        fact_date,
        'channel' as segment_type,
        channel as segment_value,
        part
    from facts
    where measure in ('delivery_rate', 'click_rate', 'unsubscribe_rate')

),

of_messages as (

    select
        measure,
        fact_date,
        segment_type,
        segment_value,
        cast(sum(part) as decimal(18, 2)) as part,
        cast(count(*) as decimal(18, 2)) as whole,
        count(*) as count_facts,
        -- a message is read and followed for a week
        case when measure = 'delivery_rate' then 0 else 7 end as settle_days
    from by_segment
    group by 1, 2, 3, 4

),

of_referrals as (

    select
        'referral_success_rate' as measure,
        local_slots.local_date as fact_date,
        'all' as segment_type,
        'all' as segment_value,
        cast(count(referrals.converted_at) as decimal(18, 2)) as part,
        cast(count(*) as decimal(18, 2)) as whole,
        count(*) as count_facts,
        -- an invitation may be taken late: half a year covers its acceptance and the 90 days to an order
        180 as settle_days
    from referrals
    inner join local_slots
        on cast(floor(to_unixtime(referrals.sent_at) / 900) as bigint) = local_slots.slot
    group by local_slots.local_date

),

of_reviews as (

    select
        'average_rating' as measure,
        local_slots.local_date as fact_date,
        'all' as segment_type,
        'all' as segment_value,
        cast(sum(cast(
            round(cast(reviews.rating as double) * 500 / nullif(cast(reviews.rating_max as double), 0)) as decimal(18, 2)
        )) * cast(0.01 as decimal(18, 2)) as decimal(18, 2)) as part,
        cast(count(*) as decimal(18, 2)) as whole,
        count(*) as count_facts,
        0 as settle_days
    from reviews
    inner join local_slots
        on cast(floor(to_unixtime(reviews.occurred_at) / 900) as bigint) = local_slots.slot
    where reviews.rating_max > 0
        and reviews.rating between 0 and reviews.rating_max
    group by local_slots.local_date

),

of_points as (

    select
        'loyalty_redemption_rate' as measure,
        local_slots.local_date as fact_date,
        'all' as segment_type,
        'all' as segment_value,
        cast(sum(case when points.event = 'loyalty_points_redeemed' then points.points else 0 end) as decimal(18, 2)) as part,
        cast(sum(case when points.event = 'loyalty_points_earned' then points.points else 0 end) as decimal(18, 2)) as whole,
        count(*) as count_facts,
        0 as settle_days
    from points
    inner join local_slots
        on cast(floor(to_unixtime(points.occurred_at) / 900) as bigint) = local_slots.slot
    where points.points >= 0
    group by local_slots.local_date

),

final as (

    select * from of_messages
    union all
    select * from of_referrals
    union all
    select * from of_reviews
    union all
    select * from of_points

)

select * from final
