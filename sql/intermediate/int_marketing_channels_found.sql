-- One row per touchpoint that began a visit, with what brought the person there.
with

session_starts as (

    select
        touchpoint_id,

        -- char 31 parts the fields: a bar stands in many campaign names
        concat(concat(concat(concat(concat(concat(concat(concat(concat(concat(
            coalesce(event, ''), chr(31)), coalesce(channel, '')), chr(31)),
            coalesce(campaign_source, '')), chr(31)), coalesce(campaign_medium, '')), chr(31)),
            coalesce(campaign_name, '')), chr(31)), concat(coalesce(referrer, ''), concat(concat(chr(31),
            coalesce(click_id_type, '')), concat(
                case when has_referral_code then concat(chr(31), 'r') else chr(31) end,
                case when is_influencer then concat(chr(31), 'i') else chr(31) end
            )))) as context_key,
        event,
        channel,
        campaign_source,
        campaign_medium,
        campaign_name,
        referrer,
        click_id_type,
        has_referral_code,
        is_influencer
    from int_session_starts

),

contexts as (

    -- few ways of arriving, many visits: rules are tried once per way
    select
        context_key,
        min(event) as event,
        coalesce(min(channel), '') as channel,
        coalesce(min(campaign_source), '') as campaign_source,
        coalesce(min(campaign_medium), '') as campaign_medium,
        coalesce(min(campaign_name), '') as campaign_name,
        coalesce(min(referrer), '') as referrer,
        coalesce(min(click_id_type), '') as click_id_type,
        count_if(has_referral_code) > 0 as has_referral_code,
        count_if(is_influencer) > 0 as is_influencer
    from session_starts
    group by 1

),

rules as (

    select
        rule_number,
        marketing_channel,
        medium_pattern,
        source_pattern,
        campaign_pattern,
        referrer_pattern,
        click_id_pattern,
        needs,
        channel,
        event
    from marketing_channel_rules

),

held as (

    select
        contexts.context_key,
        min(rules.rule_number) as rule_number
    from contexts
    cross join rules
    where (rules.medium_pattern is null or regexp_like(contexts.campaign_medium, rules.medium_pattern))
        and (rules.source_pattern is null or regexp_like(contexts.campaign_source, rules.source_pattern))
        and (rules.campaign_pattern is null or regexp_like(contexts.campaign_name, rules.campaign_pattern))
        and (rules.referrer_pattern is null or regexp_like(contexts.referrer, rules.referrer_pattern))
        and (rules.click_id_pattern is null or regexp_like(contexts.click_id_type, rules.click_id_pattern))
        and (rules.channel is null or contexts.channel = rules.channel)
        and (rules.event is null or contexts.event = rules.event)
        and (
            rules.needs is null
            or (rules.needs = 'influencer' and contexts.is_influencer)
            or (rules.needs = 'referral_code' and contexts.has_referral_code)
        )
    group by 1

),

final as (

    select
        session_starts.touchpoint_id,
        rules.marketing_channel
    from session_starts
    inner join held
        on session_starts.context_key = held.context_key
    inner join rules
        on held.rule_number = rules.rule_number

)

select * from final
