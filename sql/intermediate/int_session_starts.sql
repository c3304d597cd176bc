-- One row per touchpoint that began a visit, with the facts that marketing channel rules look at.
with

starts as (

    select starting_touchpoint_id as touchpoint_id
    from int_visit_parts
    where starting_touchpoint_id is not null

),

raw_touchpoints as (

    -- not staging: its filter lets the engine take the wide side for the small one and hash all of it
    select
        touchpoint_id,
        ingest_id,
        event,
        channel,
        lower(campaign_source) as campaign_source,
        lower(campaign_medium) as campaign_medium,
        lower(campaign_name) as campaign_name,
        properties
    from raw_touchpoints

),

repeated_rows as (

    select
        touchpoint_id,
        ingest_id
    from stg_repeated_rows

),

influencers as (

    -- a name that the configuration lists twice must not double the visit
    select distinct influencer
    from influencers

),

described as (

    select
        starts.touchpoint_id,
        raw_touchpoints.event,
        raw_touchpoints.channel,
        raw_touchpoints.campaign_source,
        raw_touchpoints.campaign_medium,
        raw_touchpoints.campaign_name,
        lower(regexp_extract(json_extract_scalar(raw_touchpoints.properties, '$.referrer'), '^[a-z]+://([^/?#:]+)', 1)) as referrer_host,
        lower(regexp_extract(json_extract_scalar(raw_touchpoints.properties, '$.url'), '^[a-z]+://([^/?#:]+)', 1)) as own_host,
        lower(json_extract_scalar(raw_touchpoints.properties, '$.click_id_type')) as click_id_type,
        lower(json_extract_scalar(raw_touchpoints.properties, '$.coupon')) as coupon,
        json_extract_scalar(raw_touchpoints.properties, '$.referral_code') is not null as has_referral_code
    from starts
    inner join raw_touchpoints
        on starts.touchpoint_id = raw_touchpoints.touchpoint_id
    left join repeated_rows
        on raw_touchpoints.touchpoint_id = repeated_rows.touchpoint_id
        and raw_touchpoints.ingest_id = repeated_rows.ingest_id
    where repeated_rows.touchpoint_id is null

),

final as (

    select
        described.touchpoint_id,
        described.event,
        described.channel,
        described.campaign_source,
        described.campaign_medium,
        described.campaign_name,

        -- a page of the site itself is no referrer
        case when described.referrer_host = described.own_host then null else described.referrer_host end as referrer,

        -- a number is no such type, and engines write one with a fraction each in their own way
        case when regexp_like(described.click_id_type, '^[a-z]') then described.click_id_type end as click_id_type,
        described.has_referral_code,
        coupon_influencers.influencer is not null
            or source_influencers.influencer is not null as is_influencer
    from described
    left join influencers as coupon_influencers
        on described.coupon = coupon_influencers.influencer
    left join influencers as source_influencers
        on described.campaign_source = source_influencers.influencer

)

select * from final
