-- One row per row that a source's touchpoints select yields, typed, normalised and judged; still without its id.
-- Each step reads columns of the step before: a macro repeats its argument, so it must be a column, not an expression.
with

trimmed as (

    select
        ingest_id,
        cast(substr(ingest_id, -10) as bigint) as line_number,
        item_received_at(ingest_id) as received_at,
        plain_text(touchpoint_id) as given_touchpoint_id,
        coalesce(plain_text(kind), 'touchpoint') as kind,
        plain_text(event) as event,
        plain_text(occurred_at) as occurred_text,
        plain_text(sent_at) as sent_text,
        clean_text(user_id) as clean_user_id,
        clean_text(anonymous_id) as clean_anonymous_id,
        clean_text(loyalty_id) as clean_loyalty_id,
        clean_text(device_id) as clean_device_id,
        clean_text(previous_id) as clean_previous_id,
        email as given_email,
        phone as given_phone,
        clean_text(email) as clean_email,
        clean_text(phone) as clean_phone,
        plain_text(channel) as channel,
        plain_text(campaign_source) as campaign_source,
        plain_text(campaign_medium) as campaign_medium,
        plain_text(campaign_name) as campaign_name,
        plain_text(order_id) as order_id,
        plain_text(product_id) as product_id,
        plain_text(category) as category,
        plain_text(quantity) as quantity_text,
        plain_text(amount) as amount_text,
        upper(plain_text(currency_code)) as currency_code,
        plain_text(device_type) as device_type,
        plain_text(country) as country,
        plain_text(city) as city,
        plain_text(group_id) as group_id,
        plain_text(session_id) as session_id,
        case
            when starts_with(properties, '{') and ends_with(properties, '}') then properties
            else plain_text(properties)
        end as properties_text,
        plain_text(reject_reason) as reject_reason
    from source_select

),

parsed as (

    select
        *,
        case when is_time_text(occurred_text) then try_cast(occurred_text as timestamp) end as occurred_parsed,
        case when is_time_text(sent_text) then try_cast(sent_text as timestamp) end as sent_parsed,
        shaped_email(clean_email) as email_normalised,
        phone_digits(clean_phone) as phone_digits,
        identifier_digits(clean_user_id) as user_id_digits,
        identifier_digits(clean_anonymous_id) as anonymous_id_digits,
        identifier_digits(clean_loyalty_id) as loyalty_id_digits,
        identifier_digits(clean_device_id) as device_id_digits,
        identifier_digits(clean_previous_id) as previous_id_digits,
        try_cast(quantity_text as decimal(18, 4)) as quantity,
        try_cast(amount_text as decimal(18, 2)) as amount,

        -- the one parse of the properties: null where they are no JSON object
        case when starts_as_object(properties_text) then try(json_keys(properties_text)) end as property_keys
    from trimmed

),

normalised as (

    select
        *,
        in_utc(occurred_parsed, occurred_text, getvariable('source_time_zone')) as given_at,
        in_utc(sent_parsed, sent_text, getvariable('source_time_zone')) as sent_at,
        case
            when is_personal_key(clean_email) then clean_email
            when email_normalised is not null then personal_key('email', email_normalised)
        end as email_key,
        dialled_number(phone_digits) as phone_number,
        case when user_id_digits is not null then dialled_number(user_id_digits) end as user_id_number,
        case when anonymous_id_digits is not null then dialled_number(anonymous_id_digits) end as anonymous_id_number,
        case when loyalty_id_digits is not null then dialled_number(loyalty_id_digits) end as loyalty_id_number,
        case when device_id_digits is not null then dialled_number(device_id_digits) end as device_id_number,
        case when previous_id_digits is not null then dialled_number(previous_id_digits) end as previous_id_number,
        case
            when property_keys is null then null
            when are_snake_case(property_keys) then properties_text
            else cast(renamed_keys(properties_text) as varchar)
        end as properties
    from parsed

),

timed as (

    -- a wrong clock is corrected by its skew; a skew beyond a day is a late delivery and says nothing of the clock
    select
        *,
        international(phone_number) as phone_normalised,
        case when user_id_number is not null then international(user_id_number) end as user_id_phone,
        case when anonymous_id_number is not null then international(anonymous_id_number) end as anonymous_id_phone,
        case when loyalty_id_number is not null then international(loyalty_id_number) end as loyalty_id_phone,
        case when device_id_number is not null then international(device_id_number) end as device_id_phone,
        case when previous_id_number is not null then international(previous_id_number) end as previous_id_phone,
        case
            when
                sent_at is not null
                and abs(epoch_ms(received_at) - epoch_ms(sent_at)) <= 86400000
                then given_at + to_milliseconds(epoch_ms(received_at) - epoch_ms(sent_at))
            else given_at
        end as corrected_at
    from normalised

),

identified as (

    select
        *,
        case
            when is_personal_key(clean_phone) then clean_phone
            when phone_normalised is not null then personal_key('phone', phone_normalised)
        end as phone_key,
        shaped_identifier(clean_user_id, user_id_phone) as user_id,
        shaped_identifier(clean_anonymous_id, anonymous_id_phone) as anonymous_id,
        shaped_identifier(clean_loyalty_id, loyalty_id_phone) as loyalty_id,
        shaped_identifier(clean_device_id, device_id_phone) as device_id,
        shaped_identifier(clean_previous_id, previous_id_phone) as previous_id
    from timed

),

judged as (

    select
        *,
        case
            when reject_reason is not null then reject_reason
            when not list_contains(['touchpoint', 'identify', 'group', 'alias'], kind) then 'unknown_kind'
            when event is null and kind = 'touchpoint' then 'missing_event'
            when occurred_text is null then 'missing_time'
            when given_at is null then 'invalid_time'
            when given_at < timestamp '1970-01-01 00:00:00' then 'time_out_of_range'
            when amount_text is not null and (amount is null or is_finer(amount_text, amount)) then 'invalid_amount'
            when quantity_text is not null and (quantity is null or is_finer(quantity_text, quantity))
                then 'invalid_quantity'
            when currency_code is not null and not is_currency_text(currency_code) then 'invalid_currency'
            when properties_text is not null and properties is null then 'invalid_properties'
            when coalesce(user_id, anonymous_id, email_key, phone_key, loyalty_id, device_id) is null
                then 'no_identifier'
        end as reason,
        corrected_at > received_at + interval 24 hour as is_future
    from identified

)

select
    ingest_id,
    line_number,
    given_touchpoint_id,
    kind,
    case when kind = 'touchpoint' then event else coalesce(event, kind) end as event,
    case when is_future then received_at else corrected_at end as occurred_at,
    case when is_future then 'future' end as time_flag,
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

    -- what had the shape of an e-mail address or phone number and was hashed for it
    case
        when starts_with(user_id, 'pk_') or starts_with(anonymous_id, 'pk_') or starts_with(loyalty_id, 'pk_')
            or starts_with(device_id, 'pk_') or starts_with(previous_id, 'pk_')
            then list_filter(
                [clean_user_id, clean_anonymous_id, clean_loyalty_id, clean_device_id, clean_previous_id],
                lambda given: contains(given, '@') or left(given, 1) between '(' and '9'
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
            then without_strays(properties, stray_emails(properties))
        else properties
    end as properties,
    reason
from judged
