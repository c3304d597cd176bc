-- One row per row that a source's touchpoints select yields, typed, normalised and judged; still without its id.
with

yielded as (

    select
        ingest_id,
        cast(right(ingest_id, 10) as bigint) as line_number,
        clean_text(touchpoint_id) as given_touchpoint_id,
        coalesce(clean_text(kind), 'touchpoint') as kind,
        clean_text(event) as event,
        clean_text(occurred_at) as occurred_text,
        to_instant(clean_text(occurred_at), getvariable('source_time_zone')) as given_at,
        to_instant(clean_text(sent_at), getvariable('source_time_zone')) as sent_at,
        identifier(user_id) as user_id,
        identifier(anonymous_id) as anonymous_id,
        email as given_email,
        phone as given_phone,
        email_key(email) as email_key,
        phone_key(phone) as phone_key,
        identifier(loyalty_id) as loyalty_id,
        identifier(device_id) as device_id,
        identifier(previous_id) as previous_id,
        user_id as given_user_id,
        anonymous_id as given_anonymous_id,
        loyalty_id as given_loyalty_id,
        device_id as given_device_id,
        previous_id as given_previous_id,
        clean_text(channel) as channel,
        clean_text(campaign_source) as campaign_source,
        clean_text(campaign_medium) as campaign_medium,
        clean_text(campaign_name) as campaign_name,
        clean_text(order_id) as order_id,
        clean_text(product_id) as product_id,
        clean_text(category) as category,
        clean_text(quantity) as quantity_text,
        try_cast(clean_text(quantity) as decimal(18, 4)) as quantity,
        clean_text(amount) as amount_text,
        try_cast(clean_text(amount) as decimal(18, 2)) as amount,
        upper(clean_text(currency_code)) as currency_code,
        clean_text(device_type) as device_type,
        clean_text(country) as country,
        clean_text(city) as city,
        clean_text(group_id) as group_id,
        clean_text(session_id) as session_id,
        nullif(trim(properties), '') as properties_text,
        snake_case_keys(try_cast(nullif(trim(properties), '') as json))::varchar as properties,
        clean_text(reject_reason) as reject_reason
    from source_select

),

timed as (

    -- a wrong clock is corrected by its skew; a skew beyond a day is a late delivery and says nothing of the clock
    select
        *,
        case
            when
                sent_at is not null
                and abs(epoch_ms(getvariable('received_at')) - epoch_ms(sent_at)) <= 86400000
                then given_at + to_milliseconds(epoch_ms(getvariable('received_at')) - epoch_ms(sent_at))
            else given_at
        end as corrected_at
    from yielded

),

judged as (

    select
        *,
        case
            when reject_reason is not null then reject_reason
            when kind not in ('touchpoint', 'identify', 'group', 'alias') then 'unknown_kind'
            when event is null and kind = 'touchpoint' then 'missing_event'
            when occurred_text is null then 'missing_time'
            when given_at is null then 'invalid_time'
            when amount_text is not null and amount is null then 'invalid_amount'
            when quantity_text is not null and quantity is null then 'invalid_quantity'
            when currency_code is not null and not regexp_full_match(currency_code, '[A-Z]{3}')
                then 'invalid_currency'
            when properties_text is not null and properties is null then 'invalid_properties'
            when coalesce(user_id, anonymous_id, email_key, phone_key, loyalty_id, device_id) is null
                then 'no_identifier'
        end as reason
    from timed

)

select
    ingest_id,
    line_number,
    given_touchpoint_id,
    kind,
    case when kind = 'touchpoint' then event else coalesce(event, kind) end as event,
    case
        when corrected_at > getvariable('received_at') + interval 24 hour then getvariable('received_at')
        else corrected_at
    end as occurred_at,
    case when corrected_at > getvariable('received_at') + interval 24 hour then 'future' end as time_flag,
    md5(concat_ws(
        chr(31),
        'u' || user_id,
        'e' || email_key,
        'p' || phone_key,
        'l' || loyalty_id,
        'd' || device_id,
        'a' || anonymous_id,
        'x' || previous_id
    )) as identity_id,
    user_id,
    anonymous_id,
    given_email,
    given_phone,

    -- what identifier() hashed, because it had the shape of an e-mail address or phone number
    case
        when starts_with(user_id, 'pk_') or starts_with(anonymous_id, 'pk_') or starts_with(loyalty_id, 'pk_')
            or starts_with(device_id, 'pk_') or starts_with(previous_id, 'pk_')
            then list_filter(
                [given_user_id, given_anonymous_id, given_loyalty_id, given_device_id, given_previous_id],
                lambda given: starts_with(identifier(given), 'pk_')
            )
    end as hashed_identifiers,
    email_key,
    phone_key,
    loyalty_id,
    device_id,
    previous_id,
    channel,
    campaign_source,
    campaign_medium,
    campaign_name,
    order_id,
    product_id,
    category,
    quantity,
    amount,
    currency_code,
    device_type,
    country,
    city,
    group_id,
    session_id,
    case
        when contains(properties, '@') or contains(properties, '%40')
            then without_strays(properties, stray_personal(properties))
        else properties
    end as properties,
    reason
from judged
