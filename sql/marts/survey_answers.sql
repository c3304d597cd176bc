-- One row per answered question of a survey before the as-of instant.
with

scored as (

    select
        touchpoint_id,
        survey_id,
        customer_id,
        survey_type,
        survey_trigger,
        wave_id,
        question_id,
        channel,
        nps_group,
        answer_language,
        ticket_id,
        related_order_id,
        score,
        scale_min,
        scale_max,
        scaled_score,
        sentiment_score,
        is_higher_better,
        is_on_scale,
        is_top_box,
        is_relationship,
        is_last_of_wave,
        sent_at,
        answered_at
    from int_survey_answers_scored

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

memberships as (

    -- the first lifecycle of the project is the one that a survey is held against
    select
        stage_memberships.customer_id,
        stage_memberships.stage_id,
        stage_memberships.entered_at,
        stage_memberships.left_at
    from stage_memberships
    inner join lifecycles
        on stage_memberships.lifecycle_id = lifecycles.lifecycle_id
    where lifecycles.position = 1

),

placed as (

    select
        scored.touchpoint_id,
        min(memberships.stage_id) as stage_id
    from scored
    inner join memberships
        on scored.customer_id = memberships.customer_id
        and memberships.entered_at <= scored.sent_at
        and coalesce(scored.sent_at < memberships.left_at, true)
    group by 1

),

final as (

    select
        scored.touchpoint_id,
        scored.survey_id,
        scored.customer_id,
        scored.survey_type,
        scored.survey_trigger,
        scored.wave_id,
        scored.question_id,
        scored.channel,
        placed.stage_id,
        scored.nps_group,
        scored.answer_language,
        scored.ticket_id,
        scored.related_order_id,
        scored.score,
        scored.scale_min,
        scored.scale_max,
        scored.scaled_score,
        scored.sentiment_score,
        scored.is_higher_better,
        scored.is_on_scale,
        scored.is_top_box,
        scored.is_relationship,
        scored.is_last_of_wave,
        local_slots.local_date as answered_date,
        scored.sent_at,
        scored.answered_at
    from scored
    inner join local_slots
        on cast(floor(to_unixtime(scored.answered_at) / 900) as bigint) = local_slots.slot
    left join placed
        on scored.touchpoint_id = placed.touchpoint_id

)

select * from final
