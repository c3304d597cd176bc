-- One row per trial that began before the as-of instant.
with

touchpoints as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.event,
        case
            when touchpoints.event = 'trial_started'
                then substr(json_extract_scalar(touchpoints.properties, '$.trial_end_date'), 1, 10)
        end as end_text,
        touchpoints.occurred_at
    from touchpoints
    cross join run_parameters
    where touchpoints.event in ('trial_started', 'trial_ended')
        and touchpoints.occurred_at < run_parameters.as_of_at

),

changes as (

    select
        customer_id,
        paid_amount,
        changed_at
    from int_subscription_changes
    where paid_amount > 0

),

parameters as (

    select as_of_at
    from run_parameters

),

calendar_days as (

    select
        cast(calendar_date as varchar) as date_text,
        ends_at
    from calendar_days

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

followed as (

    -- an end at the instant of a start is that of the trial before
    select
        *,
        lead(event) over (partition by customer_id order by occurred_at asc, event asc, touchpoint_id asc) as next_event,
        lead(occurred_at) over (partition by customer_id order by occurred_at asc, event asc, touchpoint_id asc) as next_at
    from touchpoints

),

trials as (

    select
        followed.touchpoint_id,
        followed.customer_id,
        local_slots.local_date as started_on,
        followed.occurred_at,
        case
            when followed.next_event = 'trial_ended' then followed.next_at
            when calendar_days.ends_at > followed.occurred_at then calendar_days.ends_at
            when followed.end_text > cast(local_slots.local_date as varchar) then cast(null as timestamp)
            else cast(date_add('day', 30, followed.occurred_at) as timestamp)
        end as ends_at
    from followed
    inner join local_slots
        on cast(floor(to_unixtime(followed.occurred_at) / 900) as bigint) = local_slots.slot
    left join calendar_days
        on followed.end_text = calendar_days.date_text
    where followed.event = 'trial_started'

),

paid as (

    select
        trials.touchpoint_id,
        min(changes.changed_at) as paid_at
    from trials
    inner join changes
        on trials.customer_id = changes.customer_id
        and changes.changed_at >= trials.occurred_at
        and coalesce(changes.changed_at < cast(date_add('day', 14, trials.ends_at) as timestamp), true)
    group by 1

),

final as (

    select
        trials.touchpoint_id,
        trials.customer_id,
        trials.started_on,
        trials.ends_at,
        paid.paid_at,
        paid.paid_at is not null or coalesce(trials.ends_at <= parameters.as_of_at, false) as is_ended,
        paid.paid_at is not null as is_converted,
        paid.paid_at is not null
        or coalesce(cast(date_add('day', 14, trials.ends_at) as timestamp) <= parameters.as_of_at, false) as is_mature
    from trials
    cross join parameters
    left join paid
        on trials.touchpoint_id = paid.touchpoint_id

)

select * from final
