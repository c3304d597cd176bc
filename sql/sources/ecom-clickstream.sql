select
    ingest_id,
    case event
        when 'purchase' then 'order_completed'
        when 'catalog' then 'product_list_viewed'
        when 'filter_results' then 'product_list_filtered'
        when 'product_view' then 'product_viewed'
        when 'review_page' then 'product_reviews_viewed'
        when 'compare' then 'products_compared'
        when 'search' then 'products_searched'
        when 'add_to_cart' then 'product_added'
        when 'wishlist_add' then 'product_added_to_wishlist'
        when 'cart' then 'cart_viewed'
        when 'shipping_details' then 'checkout_step_viewed'
        when 'payment_details' then 'checkout_step_viewed'
        when 'support_chat' then 'live_chat_conversation_started'
        when 'home' then 'page_viewed'
        when 'promo_page' then 'page_viewed'
        when 'account_page' then 'page_viewed'
        when 'error_page' then 'page_viewed'
        when 'checkout_bug' then 'page_viewed'
        else snake_case(event)
    end as event,
    "timestamp" as occurred_at,
    user_id,
    session_id,
    case when event = 'support_chat' then 'live_chat' else 'web' end as channel,
    lower(platform) as device_type,
    -- The channel becomes the medium that the marketing channel rules know; direct has none.
    case acquisition_channel
        when 'direct' then null
        when 'paid' then 'cpc'
        when 'paid_search' then 'cpc'
        else acquisition_channel
    end as campaign_medium,
    case when event = 'purchase' then 'TRY' end as currency_code,
    json_merge_patch('{}', json_object(
        'source_event', event,
        'step', case event when 'shipping_details' then 1 when 'payment_details' then 2 end,
        'user_cohort', user_cohort,
        'user_lifecycle', user_lifecycle
    )) as properties
from source_rows
