-- One row per subscription and instant at which what it pays may change, with what it pays from then on.
with

events as (

    select
        touchpoint_id,
        subscription_id,
        customer_id,
        event,
        currency_code,
        cause,
        mrr,
        occurred_at,
        effective_at
    from int_subscription_events
    where event <> 'save_offer_made'

),

parameters as (

    select as_of_at
    from run_parameters

),

terms as (

    -- what a source says to be paid up to a day goes on when the renewal comes no later than 35 days after it
    select
        touchpoint_id,
        subscription_id,
        customer_id,
        currency_code,
        event,
        effective_at as changed_at,
        lead(occurred_at) over (
            partition by subscription_id
            order by occurred_at asc, touchpoint_id asc
        ) as followed_at
    from events
    where event in ('subscription_started', 'subscription_renewed', 'subscription_ended')

),

cancellations as (

    -- one that waits for its day is taken back by whatever says that the subscription goes on
    select
        touchpoint_id,
        subscription_id,
        customer_id,
        currency_code,
        event,
        effective_at as changed_at,
        lead(occurred_at) over (
            partition by subscription_id
            order by occurred_at asc, touchpoint_id asc
        ) as followed_at
    from events
    where event in (
            'subscription_cancelled', 'subscription_started', 'subscription_renewed', 'subscription_resumed',
            'subscription_ended', 'save_offer_accepted'
        )

),

pauses as (

    select
        touchpoint_id,
        subscription_id,
        customer_id,
        currency_code,
        event,
        effective_at as changed_at,
        lead(occurred_at) over (
            partition by subscription_id
            order by occurred_at asc, touchpoint_id asc
        ) as followed_at
    from events
    where event in ('subscription_paused', 'subscription_resumed', 'subscription_started', 'subscription_ended')

),

derived as (

    select touchpoint_id, subscription_id, customer_id, currency_code, 'expired' as cause, changed_at
    from terms
    where event <> 'subscription_ended'
        and coalesce(followed_at >= cast(date_add('day', 35, changed_at) as timestamp), followed_at is null)
    union all
    select touchpoint_id, subscription_id, customer_id, currency_code, 'cancelled' as cause, changed_at
    from cancellations
    where event = 'subscription_cancelled'
        and coalesce(followed_at >= changed_at, true)
    union all
    select touchpoint_id, subscription_id, customer_id, currency_code, 'resumed' as cause, changed_at
    from pauses
    where event = 'subscription_paused'
        and coalesce(followed_at >= changed_at, true)

),

points as (

    select
        touchpoint_id,
        subscription_id,
        customer_id,
        case event
            when 'subscription_upgraded' then coalesce(cause, 'plan')
            when 'subscription_downgraded' then coalesce(cause, 'plan')
            when 'addon_purchased' then 'addon'
            when 'subscription_renewed' then 'price'
            else substr(event, 14)
        end as cause,
        currency_code,
        event,
        mrr,
        occurred_at as changed_at
    from events
    where event not in ('subscription_cancelled', 'save_offer_accepted')
    union all
    select
        derived.touchpoint_id,
        derived.subscription_id,
        derived.customer_id,
        derived.cause,
        derived.currency_code,
        case when derived.cause = 'resumed' then 'pause_over' else 'subscription_ended' end as event,
        cast(null as decimal(18, 2)) as mrr,
        derived.changed_at
    from derived
    cross join parameters
    where derived.changed_at < parameters.as_of_at

),

first_points as (

    select
        subscription_id,
        min(changed_at) as first_at
    from points
    group by 1

),

ranked as (

    -- at one instant an end closes what was before, and what begins there goes on; only the end of what began there comes last
    select
        points.*,
        case points.event
            when 'subscription_ended' then case when points.changed_at > first_points.first_at then 1 else 9 end
            when 'subscription_started' then 2
            when 'subscription_renewed' then 3
            when 'pause_over' then 4
            when 'subscription_upgraded' then 5
            when 'subscription_downgraded' then 5
            when 'addon_purchased' then 6
            when 'subscription_paused' then 7
            else 8
        end as precedence
    from points
    inner join first_points
        on points.subscription_id = first_points.subscription_id

),

numbered as (

    select
        *,
        row_number() over (
            partition by subscription_id
            order by changed_at asc, precedence asc, touchpoint_id asc, cause asc
        ) as change_number
    from ranked

),

told as (

    -- a subscription whose start was not received runs from the first that is known of it
    select
        subscription_id,
        customer_id,
        change_number,
        touchpoint_id,
        cause,
        currency_code,
        case
            when event = 'subscription_ended' then 0
            when event in ('subscription_started', 'subscription_renewed') or change_number = 1 then 1
        end as is_running,
        case
            when event = 'subscription_paused' then 1
            when event in ('subscription_resumed', 'subscription_started', 'pause_over') then 0
        end as is_paused,
        case when event <> 'addon_purchased' then mrr end as stated_mrr,
        case when event = 'addon_purchased' then mrr end as added_mrr,
        changed_at
    from numbered

),

grouped as (

    -- each is in force until the next of its kind
    select
        *,
        count(is_running) over (
            partition by subscription_id
            order by change_number asc
            rows between unbounded preceding and current row
        ) as running_group,
        count(is_paused) over (
            partition by subscription_id
            order by change_number asc
            rows between unbounded preceding and current row
        ) as pause_group,
        count(stated_mrr) over (
            partition by subscription_id
            order by change_number asc
            rows between unbounded preceding and current row
        ) as mrr_group
    from told

),

folded as (

    -- what is stated holds what was added before; what is added later comes on top
    select
        subscription_id,
        customer_id,
        change_number,
        touchpoint_id,
        cause,
        max(is_running) over (partition by subscription_id, running_group) as is_running,
        max(is_paused) over (partition by subscription_id, pause_group) as is_paused,
        max(case when stated_mrr is not null then currency_code end) over (
            partition by subscription_id, mrr_group
        ) as stated_currency_code,
        first_value(currency_code) over (partition by subscription_id order by change_number asc) as first_currency_code,
        coalesce(max(stated_mrr) over (partition by subscription_id, mrr_group), 0)
        + coalesce(sum(added_mrr) over (
            partition by subscription_id, mrr_group
            order by change_number asc
            rows between unbounded preceding and current row
        ), 0) as mrr,
        changed_at
    from grouped

),

final as (

    select
        subscription_id,
        customer_id,
        change_number,
        touchpoint_id,
        cause,
        coalesce(stated_currency_code, first_currency_code) as currency_code,
        cast(case when is_running = 1 then mrr else 0 end as decimal(18, 2)) as held_amount,
        cast(case when is_running = 1 and coalesce(is_paused, 0) = 0 then mrr else 0 end as decimal(18, 2)) as paid_amount,
        changed_at,
        lead(changed_at) over (
            partition by subscription_id
            order by change_number asc
        ) as until_at
    from folded

)

select * from final
