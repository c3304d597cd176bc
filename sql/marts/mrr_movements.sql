-- One row per customer and month with a subscription at its beginning or its end.
with

subscription_months as (

    select
        subscription_id,
        customer_id,
        month_index,
        currency_code,
        rate_before,
        mrr,
        mrr_at_rate_before
    from int_subscription_months

),

changes as (

    select
        subscription_id,
        customer_id,
        change_number,
        cause,
        currency_code,
        held_amount,
        paid_amount,
        changed_at
    from int_subscription_changes

),

months as (

    select
        period_start as month_start,
        period_index as month_index,
        is_complete,
        starts_at,
        ends_at
    from int_periods
    where grain = 'month'

),

parameters as (

    select reporting_currency
    from run_parameters

),

ends as (

    -- the end of a month is the beginning of the next
    select
        customer_id,
        month_index,
        cast(0 as bigint) as count_opening,
        cast(0 as decimal(18, 2)) as opening_mrr,
        cast(1 as bigint) as count_closing,
        mrr_at_rate_before as closing_at_rate_before,
        mrr as closing_mrr
    from subscription_months
    union all
    select
        customer_id,
        month_index + 1 as month_index,
        cast(1 as bigint) as count_opening,
        mrr as opening_mrr,
        cast(0 as bigint) as count_closing,
        cast(0 as decimal(18, 2)) as closing_at_rate_before,
        cast(0 as decimal(18, 2)) as closing_mrr
    from subscription_months

),

by_customer as (

    select
        customer_id,
        month_index,
        cast(sum(count_opening) as bigint) as count_opening,
        cast(sum(count_closing) as bigint) as count_closing,
        cast(sum(opening_mrr) as decimal(18, 2)) as opening_mrr,
        cast(sum(closing_at_rate_before) as decimal(18, 2)) as closing_at_rate_before,
        cast(sum(closing_mrr) as decimal(18, 2)) as closing_mrr
    from ends
    group by 1, 2

),

first_held as (

    select
        customer_id,
        min(changed_at) as first_held_at
    from changes
    where held_amount > 0
    group by 1

),

steps as (

    select
        subscription_id,
        customer_id,
        cause,
        currency_code,
        paid_amount,
        lag(currency_code) over (partition by subscription_id order by change_number asc) as currency_before,
        lag(paid_amount) over (partition by subscription_id order by change_number asc) as paid_before,
        changed_at
    from changes

),

steps_told as (

    -- of a subscription held all the while: what is told apart within an expansion or a contraction
    select
        steps.customer_id,
        months.month_index,
        steps.cause,
        cast(cast(steps.paid_amount as decimal(20, 2)) * closed.rate_before as decimal(18, 2))
        - cast(cast(steps.paid_before as decimal(20, 2)) * closed.rate_before as decimal(18, 2)) as changed_mrr
    from steps
    inner join months
        on steps.changed_at >= months.starts_at
        and steps.changed_at < months.ends_at
    inner join subscription_months as closed
        on steps.subscription_id = closed.subscription_id
        and months.month_index = closed.month_index
    inner join subscription_months as opened
        on steps.subscription_id = opened.subscription_id
        and months.month_index = opened.month_index + 1
    where steps.cause in ('price', 'paused', 'resumed')
        and steps.currency_code = closed.currency_code
        and steps.currency_before = closed.currency_code

),

told as (

    select
        customer_id,
        month_index,
        sum(changed_mrr) filter (where cause = 'price') as price_change,
        sum(-changed_mrr) filter (where cause = 'paused') as paused,
        sum(changed_mrr) filter (where cause = 'resumed') as resumed
    from steps_told
    group by 1, 2

),

judged as (

    select
        by_customer.customer_id,
        months.month_start,
        case
            when by_customer.count_opening = 0 and first_held.first_held_at >= months.starts_at then 'new'
            when by_customer.count_opening = 0 then 'reactivation'
            when by_customer.count_closing = 0 then 'churn'
            when by_customer.closing_at_rate_before > by_customer.opening_mrr then 'expansion'
            when by_customer.closing_at_rate_before < by_customer.opening_mrr then 'contraction'
            else 'none'
        end as movement,
        by_customer.count_opening,
        by_customer.count_closing,
        by_customer.opening_mrr,
        by_customer.closing_at_rate_before,
        by_customer.closing_mrr,
        greatest(coalesce(told.price_change, 0), 0) as price_rise,
        greatest(coalesce(told.paused, 0), 0) as paused,
        greatest(coalesce(told.resumed, 0), 0) as resumed,
        months.is_complete
    from by_customer
    inner join months
        on by_customer.month_index = months.month_index
    inner join first_held
        on by_customer.customer_id = first_held.customer_id
    left join told
        on by_customer.customer_id = told.customer_id
        and by_customer.month_index = told.month_index

),

moved as (

    select
        *,
        closing_at_rate_before - opening_mrr as difference,
        case when movement = 'expansion' then closing_at_rate_before - opening_mrr else 0 end as expansion,
        case when movement = 'contraction' then opening_mrr - closing_at_rate_before else 0 end as contraction
    from judged

),

shared as (

    -- of an expansion a price rise comes first, then what a pause had taken, and the rest was sold
    select
        *,
        least(expansion, price_rise) as rise_of_expansion,
        least(expansion - least(expansion, price_rise), resumed) as resumed_of_expansion
    from moved

),

final as (

    select
        shared.customer_id,
        shared.month_start,
        shared.movement,
        cast(shared.opening_mrr as decimal(18, 2)) as opening_mrr,
        cast(case when shared.movement = 'new' then shared.difference else 0 end as decimal(18, 2)) as new_mrr,
        cast(shared.expansion as decimal(18, 2)) as expansion_mrr,
        cast(shared.contraction as decimal(18, 2)) as contraction_mrr,
        cast(case when shared.movement = 'churn' then shared.opening_mrr else 0 end as decimal(18, 2)) as churned_mrr,
        cast(case when shared.movement = 'reactivation' then shared.difference else 0 end as decimal(18, 2)) as reactivation_mrr,
        cast(shared.closing_mrr - shared.closing_at_rate_before as decimal(18, 2)) as exchange_mrr,
        cast(shared.closing_mrr as decimal(18, 2)) as closing_mrr,
        cast(shared.expansion - shared.rise_of_expansion - shared.resumed_of_expansion as decimal(18, 2)) as upsell_mrr,
        cast(shared.rise_of_expansion as decimal(18, 2)) as price_rise_mrr,
        cast(shared.resumed_of_expansion as decimal(18, 2)) as resumed_mrr,
        cast(least(shared.contraction, shared.paused) as decimal(18, 2)) as paused_mrr,
        parameters.reporting_currency as currency_code,
        shared.count_opening as count_subscriptions_opening,
        shared.count_closing as count_subscriptions_closing,
        count_if(shared.movement in ('new', 'reactivation')) over (
            partition by shared.customer_id
            order by shared.month_start asc
            rows between unbounded preceding and current row
        ) as spell_number,
        shared.is_complete
    from shared
    cross join parameters

)

select * from final
