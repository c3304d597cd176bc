with named as (

    select
        *,
        snake_case(event) as event_name
    from source_rows

)

select
    ingest_id,
    'advocacy#' || event_id as touchpoint_id,
    event_name as event,
    occurred_at,
    customer_id as user_id,
    email,
    phone,
    lower(coalesce(
        channel,
        case when starts_with(event_name, 'loyalty_') or starts_with(event_name, 'consent_') then 'system' else 'web' end
    )) as channel,
    product_id,
    json_merge_patch('{}', json_object(
        'referral_code', referral_code,
        'share_via', share_via,
        'reward_amount', coalesce(case when isfinite(try_cast(reward_amount as double)) then try_cast(reward_amount as json) end, to_json(reward_amount)),
        'review_id', review_id,
        'rating', coalesce(case when isfinite(try_cast(rating as double)) then try_cast(rating as json) end, to_json(rating)),
        'rating_max', case when rating is not null then coalesce(case when isfinite(try_cast(coalesce(rating_max, '5') as double)) then try_cast(coalesce(rating_max, '5') as json) end, to_json(coalesce(rating_max, '5'))) end,
        'verified_purchase', coalesce(to_json(try_cast(verified_purchase as boolean)), to_json(verified_purchase)),
        'sentiment_score', coalesce(case when isfinite(try_cast(sentiment_score as double)) then try_cast(sentiment_score as json) end, to_json(sentiment_score)),
        'platform', platform,
        'points', coalesce(case when isfinite(try_cast(points as double)) then try_cast(points as json) end, to_json(points)),
        'tier', tier,
        'programme', programme,
        'purpose', purpose,
        'consent_channel', consent_channel,
        'legal_basis', legal_basis,
        'text_version', text_version,
        'register', register,
        'related_order_id', related_order_id,
        'review_length', to_json(length(review_body))
    )) as properties
from named
