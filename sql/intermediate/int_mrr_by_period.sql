-- One row per grain (month, quarter, year), period from the first MRR to the as-of period, and segment.
with

movements as (

    select
        mrr_movements.customer_id,
        mrr_movements.month_start,
        mrr_movements.movement,
        mrr_movements.opening_mrr,
        mrr_movements.new_mrr,
        mrr_movements.expansion_mrr,
        mrr_movements.contraction_mrr,
        mrr_movements.churned_mrr,
        mrr_movements.reactivation_mrr,
        mrr_movements.closing_mrr,
        mrr_movements.upsell_mrr,
        mrr_movements.price_rise_mrr,
        mrr_movements.count_subscriptions_opening,
        mrr_movements.count_subscriptions_closing,
        coalesce(customers.acquisition_channel, 'unknown') as marketing_channel,
        coalesce(customers.country, 'unknown') as country
    from mrr_movements
    inner join customers
        on mrr_movements.customer_id = customers.customer_id

),

parameters as (

    select as_of_date
    from run_parameters

),

month_periods as (

    select
        int_month_periods.month_start,
        int_month_periods.grain,
        int_month_periods.period_start,
        row_number() over (
            partition by int_month_periods.grain, int_month_periods.period_start
            order by int_month_periods.month_start desc
        ) as number_from_end
    from int_month_periods
    cross join parameters
    where int_month_periods.month_start <= parameters.as_of_date

),

periods as (

    select
        grain,
        period_start,
        is_complete
    from int_periods
    where grain in ('month', 'quarter', 'year')

),

by_segment as (

    select *, 'all' as segment_type, 'all' as segment_value from movements
    union all
    select *, 'marketing_channel' as segment_type, marketing_channel as segment_value from movements
    union all
    select *, 'country' as segment_type, country as segment_value from movements

),

sums as (

    -- a period opens as its first month does, and closes as its last one
    select
        month_periods.grain,
        month_periods.period_start,
        by_segment.segment_type,
        by_segment.segment_value,
        sum(case when month_periods.month_start = month_periods.period_start then by_segment.opening_mrr end) as opening_mrr,
        sum(by_segment.new_mrr) as new_mrr,
        sum(by_segment.expansion_mrr) as expansion_mrr,
        sum(by_segment.contraction_mrr) as contraction_mrr,
        sum(by_segment.churned_mrr) as churned_mrr,
        sum(by_segment.reactivation_mrr) as reactivation_mrr,
        sum(case when month_periods.number_from_end = 1 then by_segment.closing_mrr end) as closing_mrr,
        sum(by_segment.closing_mrr) as recurring_revenue,
        sum(by_segment.upsell_mrr) as upsell_mrr,
        sum(by_segment.price_rise_mrr) as price_rise_mrr,
        count(case when month_periods.month_start = month_periods.period_start and by_segment.count_subscriptions_opening > 0 then 1 end)
            as count_opening,
        count(case when month_periods.number_from_end = 1 and by_segment.count_subscriptions_closing > 0 then 1 end)
            as count_closing,
        count(distinct case when by_segment.movement = 'new' then by_segment.customer_id end) as count_new,
        count(distinct case when by_segment.movement = 'expansion' then by_segment.customer_id end) as count_expanded,
        count(distinct case when by_segment.movement = 'contraction' then by_segment.customer_id end) as count_contracted,
        count(distinct case when by_segment.movement = 'churn' then by_segment.customer_id end) as count_churned,
        count(distinct case when by_segment.movement = 'reactivation' then by_segment.customer_id end) as count_reactivated,
        count(distinct case when by_segment.upsell_mrr > 0 then by_segment.customer_id end) as count_upsold
    from by_segment
    inner join month_periods
        on by_segment.month_start = month_periods.month_start
    group by 1, 2, 3, 4

),

first_periods as (

    select
        grain,
        min(period_start) as first_start
    from sums
    group by 1

),

segments as (

    select distinct
        segment_type,
        segment_value
    from sums

),

final as (

    select
        periods.grain,
        periods.period_start,
        segments.segment_type,
        segments.segment_value,
        cast(coalesce(sums.opening_mrr, 0) as decimal(18, 2)) as opening_mrr,
        cast(coalesce(sums.new_mrr, 0) as decimal(18, 2)) as new_mrr,
        cast(coalesce(sums.expansion_mrr, 0) as decimal(18, 2)) as expansion_mrr,
        cast(coalesce(sums.contraction_mrr, 0) as decimal(18, 2)) as contraction_mrr,
        cast(coalesce(sums.churned_mrr, 0) as decimal(18, 2)) as churned_mrr,
        cast(coalesce(sums.reactivation_mrr, 0) as decimal(18, 2)) as reactivation_mrr,
        cast(coalesce(sums.closing_mrr, 0) as decimal(18, 2)) as closing_mrr,
        cast(coalesce(sums.recurring_revenue, 0) as decimal(18, 2)) as recurring_revenue,
        cast(coalesce(sums.upsell_mrr, 0) as decimal(18, 2)) as upsell_mrr,
        cast(coalesce(sums.price_rise_mrr, 0) as decimal(18, 2)) as price_rise_mrr,
        coalesce(sums.count_opening, 0) as count_opening,
        coalesce(sums.count_closing, 0) as count_closing,
        coalesce(sums.count_new, 0) as count_new,
        coalesce(sums.count_expanded, 0) as count_expanded,
        coalesce(sums.count_contracted, 0) as count_contracted,
        coalesce(sums.count_churned, 0) as count_churned,
        coalesce(sums.count_reactivated, 0) as count_reactivated,
        coalesce(sums.count_upsold, 0) as count_upsold,
        periods.is_complete
    from periods
    inner join first_periods
        on periods.grain = first_periods.grain
        and periods.period_start >= first_periods.first_start
    cross join segments
    left join sums
        on periods.grain = sums.grain
        and periods.period_start = sums.period_start
        and segments.segment_type = sums.segment_type
        and segments.segment_value = sums.segment_value

)

select * from final
