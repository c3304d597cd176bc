-- One row per month from the first MRR on, with what became of the MRR of twelve months before.
with

movements as (

    select
        customer_id,
        month_start,
        closing_mrr,
        expansion_mrr,
        contraction_mrr,
        churned_mrr,
        reactivation_mrr,
        currency_code,
        count_subscriptions_closing,
        spell_number
    from mrr_movements

),

subscription_months as (

    select
        customer_id,
        month_index,
        currency_code,
        paid_amount,
        rate
    from int_subscription_months

),

parameters as (

    select reporting_currency
    from run_parameters

),

months as (

    select
        period_start as month_start,
        period_index as month_index,
        is_complete
    from int_periods
    where grain = 'month'

),

rates as (

    select distinct
        currency_code,
        month_index,
        rate
    from subscription_months

),

ends as (

    select
        movements.customer_id,
        months.month_index,
        movements.closing_mrr,
        movements.spell_number
    from movements
    inner join months
        on movements.month_start = months.month_start
    where movements.count_subscriptions_closing > 0

),

paid_then_rated as (

    -- what is paid now, at the rate of twelve months before
    select
        subscription_months.customer_id,
        subscription_months.month_index,
        sum(
            cast(cast(subscription_months.paid_amount as decimal(20, 2)) * coalesce(rates.rate, subscription_months.rate) as decimal(18, 2))
        ) as mrr
    from subscription_months
    left join rates
        on subscription_months.currency_code = rates.currency_code
        and subscription_months.month_index = rates.month_index + 12
    group by 1, 2

),

kept as (

    -- who left in between and came back is not kept: that is a reactivation
    select
        began.customer_id,
        began.month_index + 12 as month_index,
        began.closing_mrr as mrr_before,
        ended.customer_id is not null as is_kept,
        coalesce(paid_then_rated.mrr, cast(0 as decimal(18, 2))) as mrr_now
    from ends as began
    left join ends as ended
        on began.customer_id = ended.customer_id
        and began.month_index + 12 = ended.month_index
        and began.spell_number = ended.spell_number
    left join paid_then_rated
        on ended.customer_id = paid_then_rated.customer_id
        and ended.month_index = paid_then_rated.month_index

),

by_month as (

    select
        month_index,
        count(*) as count_customers,
        count(case when is_kept then 1 end) as count_kept,
        sum(mrr_before) as mrr_before,
        sum(mrr_now) as mrr_now,
        sum(least(mrr_before, mrr_now)) as mrr_without_growth
    from kept
    group by 1

),

flows as (

    select
        months.month_index,
        sum(movements.expansion_mrr - movements.contraction_mrr - movements.churned_mrr) as changed_mrr,
        sum(movements.reactivation_mrr) as reactivation_mrr
    from movements
    inner join months
        on movements.month_start = months.month_start
    group by 1

),

flows_of_year as (

    select
        months.month_index,
        sum(flows.changed_mrr) as changed_mrr,
        sum(flows.reactivation_mrr) as reactivation_mrr
    from months
    inner join flows
        on flows.month_index between months.month_index - 11 and months.month_index
    group by 1

),

first_month as (

    select min(month_index) as month_index
    from flows

),

final as (

    select
        months.month_start,
        coalesce(by_month.count_customers, 0) as count_customers,
        coalesce(by_month.count_kept, 0) as count_kept,
        cast(coalesce(by_month.mrr_before, 0) as decimal(18, 2)) as mrr_before,
        cast(coalesce(by_month.mrr_now, 0) as decimal(18, 2)) as mrr_now,
        cast(coalesce(by_month.mrr_without_growth, 0) as decimal(18, 2)) as mrr_without_growth,
        cast(by_month.mrr_now as double) / nullif(cast(by_month.mrr_before as double), 0) as net_revenue_retention,
        cast(by_month.mrr_without_growth as double) / nullif(cast(by_month.mrr_before as double), 0) as gross_revenue_retention,
        cast(by_month.mrr_before + coalesce(flows_of_year.changed_mrr, 0) as double) / nullif(cast(by_month.mrr_before as double), 0)
            as flow_net_revenue_retention,
        cast(coalesce(flows_of_year.reactivation_mrr, 0) as decimal(18, 2)) as reactivation_mrr,
        parameters.reporting_currency as currency_code,
        months.month_index < first_month.month_index + 12 as is_too_early,
        months.is_complete
    from months
    cross join parameters
    inner join first_month
        on months.month_index >= first_month.month_index
    left join by_month
        on months.month_index = by_month.month_index
    left join flows_of_year
        on months.month_index = flows_of_year.month_index

)

select * from final
