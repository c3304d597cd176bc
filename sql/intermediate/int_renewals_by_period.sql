-- One row per grain (month, quarter, year) and period in which a term was due or an offer to stay was made, or between such.
with

events as (

    select
        touchpoint_id,
        subscription_id,
        event,
        term_months,
        local_date,
        named_date,
        occurred_at
    from int_subscription_events
    where event in ('subscription_started', 'subscription_renewed', 'save_offer_made')

),

changes as (

    select
        subscription_id,
        held_amount,
        changed_at,
        until_at
    from int_subscription_changes

),

parameters as (

    select
        as_of_at,
        as_of_date
    from run_parameters

),

calendar_days as (

    select
        calendar_date,
        ends_at
    from calendar_days

),

day_periods as (

    select
        calendar_date,
        grain,
        period_start
    from int_day_periods
    where grain in ('month', 'quarter', 'year')

),

periods as (

    select
        grain,
        period_start,
        is_complete,
        ends_at
    from int_periods
    where grain in ('month', 'quarter', 'year')

),

terms as (

    select
        subscription_id,
        coalesce(named_date, cast(date_add('month', term_months, local_date) as date)) as due_date,
        lead(occurred_at) over (
            partition by subscription_id
            order by occurred_at asc, touchpoint_id asc
        ) as renewed_at
    from events
    where event <> 'save_offer_made'

),

due as (

    -- a renewal may come early, or up to 35 days late: it counts in the month in which it was due
    select
        terms.due_date as counted_date,
        1 as is_due,
        case
            when terms.renewed_at < cast(date_add('day', 35, calendar_days.ends_at) as timestamp) then 1
            else 0
        end as is_renewed,
        0 as is_offer,
        0 as is_saved
    from terms
    cross join parameters
    inner join calendar_days
        on terms.due_date = calendar_days.calendar_date
    where terms.due_date <= parameters.as_of_date

),

saved as (

    select distinct events.touchpoint_id
    from events
    cross join parameters
    inner join changes
        on events.subscription_id = changes.subscription_id
        and changes.changed_at <= cast(date_add('day', 90, events.occurred_at) as timestamp)
        and coalesce(changes.until_at > cast(date_add('day', 90, events.occurred_at) as timestamp), true)
    where events.event = 'save_offer_made'
        and changes.held_amount > 0
        and cast(date_add('day', 90, events.occurred_at) as timestamp) <= parameters.as_of_at

),

offers as (

    select
        events.local_date as counted_date,
        0 as is_due,
        0 as is_renewed,
        1 as is_offer,
        case when saved.touchpoint_id is not null then 1 else 0 end as is_saved
    from events
    left join saved
        on events.touchpoint_id = saved.touchpoint_id
    where events.event = 'save_offer_made'

),

counted as (

    select * from due
    union all
    select * from offers

),

sums as (

    select
        day_periods.grain,
        day_periods.period_start,
        sum(counted.is_due) as count_due,
        sum(counted.is_renewed) as count_renewed,
        sum(counted.is_offer) as count_offers,
        sum(counted.is_saved) as count_saved
    from counted
    inner join day_periods
        on counted.counted_date = day_periods.calendar_date
    group by 1, 2

),

first_periods as (

    select
        grain,
        min(period_start) as first_start
    from sums
    group by 1

),

final as (

    select
        periods.grain,
        periods.period_start,
        cast(coalesce(sums.count_due, 0) as bigint) as count_due,
        cast(coalesce(sums.count_renewed, 0) as bigint) as count_renewed,
        cast(coalesce(sums.count_offers, 0) as bigint) as count_offers,
        cast(coalesce(sums.count_saved, 0) as bigint) as count_saved,
        periods.is_complete and cast(date_add('day', 35, periods.ends_at) as timestamp) <= parameters.as_of_at
            as are_renewals_complete,
        periods.is_complete and cast(date_add('day', 90, periods.ends_at) as timestamp) <= parameters.as_of_at
            as are_offers_complete
    from periods
    cross join parameters
    inner join first_periods
        on periods.grain = first_periods.grain
        and periods.period_start >= first_periods.first_start
    left join sums
        on periods.grain = sums.grain
        and periods.period_start = sums.period_start

)

select * from final
