with messages as (

    -- One pass over the payload; properties stay JSON for the row and are read once more for their fields.
    select
        ingest_id,
        from_json(payload, '{
            "type": "VARCHAR", "messageId": "VARCHAR", "event": "VARCHAR", "name": "VARCHAR",
            "userId": "VARCHAR", "anonymousId": "VARCHAR", "previousId": "VARCHAR", "groupId": "VARCHAR",
            "timestamp": "VARCHAR", "originalTimestamp": "VARCHAR", "sentAt": "VARCHAR",
            "context": {
                "device": { "id": "VARCHAR", "type": "VARCHAR" }, "os": { "name": "VARCHAR" }, "app": { "name": "VARCHAR" },
                "userAgent": "VARCHAR", "sessionId": "VARCHAR", "groupId": "VARCHAR",
                "campaign": { "source": "VARCHAR", "medium": "VARCHAR", "name": "VARCHAR" },
                "page": { "path": "VARCHAR", "title": "VARCHAR", "url": "VARCHAR", "referrer": "VARCHAR", "search": "VARCHAR" },
                "traits": { "email": "VARCHAR", "phone": "VARCHAR", "loyalty_id": "VARCHAR" },
                "location": { "country": "VARCHAR", "city": "VARCHAR" }
            },
            "traits": { "email": "VARCHAR", "phone": "VARCHAR", "loyalty_id": "VARCHAR" },
            "properties": "JSON"
        }') as message
    from source_rows

), named as (

    -- A row carries no object further than it must: every step makes room for each field of each object, used or not.
    select
        ingest_id,
        message.messageId as message_id,
        message.name as message_name,
        coalesce(message.originalTimestamp, message.timestamp) as occurred_at,
        message.sentAt as sent_at,
        message.userId as user_id,
        message.anonymousId as anonymous_id,
        message.previousId as previous_id,
        message.groupId as group_id,
        message.traits as traits,
        message.context as context,
        lower(message.type) as message_type,
        case lower(message.type)
            when 'page' then 'page_viewed'
            when 'screen' then 'screen_viewed'
            when 'track' then case
                -- Nearly every event is plain words; only the others need the general rewriting.
                when regexp_full_match(message.event, '[A-Za-z][a-z0-9]*([ _][A-Za-z][a-z0-9]*)*')
                    then lower(replace(message.event, ' ', '_'))
                else snake_case(message.event)
            end
            else lower(message.type)
        end as event,
        -- Text from here on: each step that ended in the JSON type would parse the whole object again.
        case when starts_with(message.properties, '{') and message.properties <> '{}' then cast(message.properties as varchar) end as given,
        from_json(message.properties, '{
            "name": "VARCHAR", "path": "VARCHAR", "title": "VARCHAR", "url": "VARCHAR", "referrer": "VARCHAR", "search": "VARCHAR",
            "channel": "VARCHAR", "device_type": "VARCHAR", "country": "VARCHAR", "city": "VARCHAR",
            "session_id": "VARCHAR", "group_id": "VARCHAR", "loyalty_id": "VARCHAR",
            "campaign_source": "VARCHAR", "campaign_medium": "VARCHAR", "campaign_name": "VARCHAR",
            "order_id": "VARCHAR", "orderId": "VARCHAR", "product_id": "VARCHAR", "productId": "VARCHAR", "category": "VARCHAR",
            "quantity": "VARCHAR", "amount": "VARCHAR", "currency": "VARCHAR",
            "revenue": "VARCHAR", "subtotal": "VARCHAR", "total": "VARCHAR", "shipping": "VARCHAR", "tax": "VARCHAR",
            "products": [{ "product_id": "VARCHAR", "productId": "VARCHAR", "category": "VARCHAR", "price": "VARCHAR", "quantity": "VARCHAR" }]
        }') as property
    from messages

), sorted_out as (

    -- list_contains and not `in`, which DuckDB turns into a join that carries every row along.
    select
        ingest_id,
        message_id,
        message_type,
        event,
        occurred_at,
        sent_at,
        user_id,
        anonymous_id,
        previous_id,
        coalesce(traits.email, context.traits.email) as email,
        coalesce(traits.phone, context.traits.phone) as phone,
        coalesce(traits.loyalty_id, context.traits.loyalty_id, property.loyalty_id) as loyalty_id,
        context.device.id as device_id,
        lower(context.device.type) as device,
        context.userAgent as user_agent,
        coalesce(group_id, context.groupId, property.group_id) as group_id,
        coalesce(context.sessionId, property.session_id) as session_id,
        coalesce(context.campaign.source, property.campaign_source) as campaign_source,
        coalesce(context.campaign.medium, property.campaign_medium) as campaign_medium,
        coalesce(context.campaign.name, property.campaign_name) as campaign_name,
        coalesce(context.location.country, property.country) as country,
        coalesce(context.location.city, property.city) as city,
        lower(property.channel) as given_channel,
        property.device_type as given_device,
        coalesce(property.order_id, property.orderId) as given_order,
        coalesce(property.product_id, property.productId) as given_product,
        property.category as given_category,
        property.quantity as given_quantity,
        property.amount as amount,
        property.revenue as revenue,
        property.subtotal as subtotal,
        property.total as total,
        property.shipping as shipping,
        property.tax as tax,
        property.products as given_products,
        upper(property.currency) as currency_code,
        given,
        coalesce(nullif(context.page.search, ''), nullif(property.search, ''), context.page.url, property.url) as search,
        -- What the context knows and the properties do not say themselves, as members to put in front of them.
        case
            when message_type = 'screen' and property.name is null then '"name":' || to_json(message_name)
            when message_type = 'page' then nullif(concat_ws(
                ',',
                '"name":' || case when property.name is null then to_json(message_name) end,
                '"path":' || case when property.path is null then to_json(context.page.path) end,
                '"title":' || case when property.title is null then to_json(context.page.title) end,
                '"url":' || case when property.url is null then to_json(context.page.url) end,
                '"search":' || case when property.search is null then to_json(nullif(context.page.search, '')) end
            ), '')
        end as page_members,
        case
            when property.referrer is null and context.page.referrer <> '' then '"referrer":' || to_json(context.page.referrer)
        end as referrer_member,
        list_contains(['track', 'page', 'screen'], message_type) as is_touchpoint,
        case
            when starts_with(event, 'order_') then list_contains(['order_completed', 'order_updated', 'order_refunded', 'order_cancelled'], event)
            else false
        end as is_order,
        event = 'order_refunded' or event = 'order_cancelled' as is_reversal,
        property.name is not null as has_name,
        property.order_id is not null as has_order_id,
        context.app.name is not null or list_contains(['ios', 'ipados', 'android'], lower(context.os.name)) as is_in_app
    from named

), orders as (

    select
        *,
        case when is_order and len(given_products) > 0 then given_products end as products,
        -- Net item revenue of the order. Text that is no number goes on as it is: landing then quarantines the message.
        case
            when not is_order then coalesce(amount, revenue)
            when coalesce(revenue, subtotal) is not null then coalesce(revenue, subtotal)
            when total is null then null
            when try_cast(total as decimal(28, 10)) is null then total
            when try_cast(coalesce(shipping, '0') as decimal(28, 10)) is null then shipping
            when try_cast(coalesce(tax, '0') as decimal(28, 10)) is null then tax
            else cast(
                cast(try_cast(total as decimal(28, 10)) as decimal(38, 10))
                - try_cast(coalesce(shipping, '0') as decimal(28, 10))
                - try_cast(coalesce(tax, '0') as decimal(28, 10)) as varchar)
        end as given_amount
    from sorted_out

), valued as (

    -- Price × quantity of each line in ten-thousandths: whole numbers, so that nothing is rounded on the way.
    -- `products is not null` keeps the arithmetic of the next steps away from the rows without lines.
    select
        *,
        case when products is not null then list_transform(products, lambda line: cast(10000 * cast(try_cast(
            cast(case when is_reversal then abs(try_cast(line.price as decimal(18, 4))) else try_cast(line.price as decimal(18, 4)) end as decimal(38, 4))
            * case
                when line.quantity is null then 1
                when is_reversal then abs(try_cast(line.quantity as decimal(18, 4)))
                else try_cast(line.quantity as decimal(18, 4))
            end as decimal(18, 4)) as decimal(38, 4)) as hugeint)) end as line_values
    from orders

), weighed as (

    select
        *,
        case
            when products is null then null
            when given_amount is not null then cast(100 * cast(
                case when is_reversal then abs(try_cast(given_amount as decimal(18, 2))) else try_cast(given_amount as decimal(18, 2)) end
            as decimal(38, 2)) as hugeint)
            else cast(sign(list_sum(line_values)) as hugeint) * ((abs(list_sum(line_values)) + 50) // 100)
        end as order_kurus,
        case
            when products is null then null
            when list_sum(line_values) > 0 then list_transform(line_values, lambda value: coalesce(value, 0))
            else list_transform(products, lambda line: cast(1 as hugeint))
        end as weights,
        case
            when products is null then null
            when list_sum(line_values) > 0 then list_sum(line_values)
            else len(products)
        end as weight_total,
        case when products is not null then
            list_filter(products, lambda line, position: line.price is not null and line_values[position] is null)[1]
        end as bad_line
    from valued

), divided as (

    -- What is left of each line's share below one kuruş; never negative, whatever the signs.
    select
        *,
        case when products is not null then
            list_transform(weights, lambda weight: ((order_kurus * weight) % weight_total + weight_total) % weight_total)
        end as remainders
    from weighed

), ranked as (

    select
        *,
        case when products is not null then
            list_transform(weights, lambda weight, line: (order_kurus * weight - remainders[line]) // weight_total)
        end as whole_kurus,
        case when products is not null then
            list_sort(list_transform(remainders, lambda remainder, line: { 'below': -remainder, 'line': line }))
        end as by_remainder
    from divided

), counted as (

    select
        *,
        case when products is not null then cast(order_kurus - list_sum(whole_kurus) as bigint) end as spare_kurus
    from ranked

), described as (

    select
        *,
        list_contains(['signed_up', 'signed_in', 'signed_out', 'lead_created', 'form_submitted', 'demo_requested'], event) as is_about_person,
        starts_with(event, 'order_') or starts_with(event, 'checkout_') or starts_with(event, 'payment_')
            or starts_with(event, 'return_') or event = 'delivery_failed' as has_order_number,
        case
            when given_channel is not null and list_contains([
                'web', 'mobile', 'email', 'sms', 'whatsapp', 'push', 'social', 'call_center',
                'store', 'live_chat', 'field', 'partner', 'event', 'marketplace', 'system'
            ], given_channel) then given_channel
            when message_type = 'screen' then 'mobile'
            when starts_with(event, 'email_') then 'email'
            when starts_with(event, 'sms_') then 'sms'
            when starts_with(event, 'whatsapp_') then 'whatsapp'
            when starts_with(event, 'push_notification_') then 'push'
            when starts_with(event, 'live_chat_') then 'live_chat'
            when starts_with(event, 'call_') then 'call_center'
            when is_in_app or list_contains(['ios', 'android', 'mobile', 'phone', 'tablet'], device) then 'mobile'
            else 'web'
        end as touched_channel,
        case
            when products is not null then cast(json_merge_patch(given, '{"products": null}') as varchar)
            -- order_id belongs to order events alone; elsewhere it would make two touchpoints one.
            when has_order_id and not has_order_number then replace(given, '"order_id":', '"related_order_id":')
            else given
        end as kept
    from counted

), added as (

    select
        *,
        case
            when contains(search, 'id=') then '"click_id_type":"' || nullif(
                regexp_extract(search, '(?:^|[?&])(gclid|gbraid|wbraid|msclkid|yclid|fbclid|ttclid|twclid|li_fat_id)=', 1), '') || '"'
        end as click_member,
        case
            when regexp_matches(kept, '(?i)(mail|phone|first_?name|last_?name|full_?name|user_?name|surname|address|birth_?day|birth_?date|comment|_?body|"ip)"\s*:')
                or (is_about_person and has_name)
                then cast(to_json(map_from_entries(list_filter(
                    map_entries(cast(cast(kept as json) as map(varchar, json))),
                    lambda entry: not regexp_full_match(
                        entry.key,
                        '(?i).*(e_?mail|phone|first_?name|last_?name|full_?name|user_?name|surname|address|birth_?day|birth_?date|comment|(message|review)_?body)|ip'
                    ) and not (is_about_person and entry.key = 'name')
                ))) as varchar)
            else kept
        end as harmless
    from described

), numbered as (

    select
        *,
        unnest(case when products is not null then range(1, len(products) + 1) else [null] end) as line
    from added

), lines as (

    -- The kuruş that the whole shares leave over go to the lines with the largest remainders, earlier lines first.
    select
        *,
        case
            when line is null then null
            when spare_kurus > 0 and { 'below': -remainders[line], 'line': line } <= by_remainder[spare_kurus] then whole_kurus[line] + 1
            else whole_kurus[line]
        end as line_kurus
    from numbered

)

select
    ingest_id,
    message_id || case when line is not null then '#' || line else '' end as touchpoint_id,
    event,
    case when is_touchpoint then 'touchpoint' else message_type end as kind,
    occurred_at,
    sent_at,
    user_id,
    anonymous_id,
    previous_id,
    email,
    phone,
    loyalty_id,
    device_id,
    group_id,
    session_id,
    touched_channel as channel,
    campaign_source,
    campaign_medium,
    campaign_name,
    case when has_order_number then given_order end as order_id,
    case
        when line is not null then coalesce(products[line].product_id, products[line].productId)
        else given_product
    end as product_id,
    case when line is not null then products[line].category else given_category end as category,
    case
        when line is null then given_quantity
        when is_reversal then ltrim(products[line].quantity, '-')
        else products[line].quantity
    end as quantity,
    case
        when line is null then case when is_reversal then ltrim(given_amount, '-') else given_amount end
        when bad_line is not null then concat(bad_line.price, ' × ', coalesce(bad_line.quantity, '1'))
        -- An amount finer than kuruş goes on as well: the shares would hide it from landing, which refuses it.
        when line_kurus is null or is_finer(given_amount, try_cast(given_amount as decimal(18, 2))) then given_amount
        -- As text, for a share can be too large for a decimal: landing then quarantines the message.
        else concat(
            case when line_kurus < 0 then '-' end, abs(line_kurus) // 100, '.', lpad(cast(abs(line_kurus) % 100 as varchar), 2, '0'))
    end as amount,
    currency_code,
    coalesce(given_device, case
        when list_contains(['tablet', 'desktop', 'pos'], device) then device
        when contains(user_agent, 'iPad') or contains(user_agent, 'Tablet')
            or (contains(user_agent, 'Android') and not contains(user_agent, 'Mobile')) then 'tablet'
        when touched_channel = 'mobile' or contains(user_agent, 'Mobi') or contains(user_agent, 'iPhone') then 'mobile'
        when contains(user_agent, 'Windows') or contains(user_agent, 'Macintosh') or contains(user_agent, 'X11') then 'desktop'
    end) as device_type,
    country,
    city,
    case
        when not is_touchpoint then null
        when coalesce(page_members, referrer_member, click_member) is null then harmless
        when harmless is null or harmless = '{}' then concat('{', concat_ws(',', page_members, referrer_member, click_member), '}')
        -- ltrim and not substr, which counts characters and is slow; what follows the brace is a quote.
        else concat('{', concat_ws(',', page_members, referrer_member, click_member, ltrim(harmless, '{')))
    end as properties,
    case
        when is_touchpoint or list_contains(['identify', 'group', 'alias'], message_type) then null
        else 'unknown_type'
    end as reject_reason
from lines
