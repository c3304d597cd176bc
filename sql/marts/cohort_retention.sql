-- One row per grain (week, month, quarter), cohort and period number from 0 to the as-of period.
with

orders_counted as (

    select
        customer_id,
        order_date,
        order_number,
        net_amount
    from int_orders_counted

),

customer_periods as (

    select
        customer_id,
        grain,
        period_index
    from int_customer_periods

),

day_periods as (

    select
        calendar_date,
        grain,
        period_index
    from int_day_periods
    where grain in ('week', 'month', 'quarter')

),

periods as (

    select
        grain,
        period_start,
        period_index,
        is_complete
    from int_periods
    where grain in ('week', 'month', 'quarter')

),

parameters as (

    select reporting_currency
    from run_parameters

),

members as (

    select
        orders_counted.customer_id,
        day_periods.grain,
        day_periods.period_index as cohort_index
    from orders_counted
    inner join day_periods
        on orders_counted.order_date = day_periods.calendar_date
    where orders_counted.order_number = 1

),

cohorts as (

    select
        grain,
        cohort_index,
        count(*) as count_cohort
    from members
    group by 1, 2

),

returns as (

    select
        members.grain,
        members.cohort_index,
        customer_periods.period_index,
        count(*) as count_active
    from members
    inner join customer_periods
        on members.customer_id = customer_periods.customer_id
        and members.grain = customer_periods.grain
    group by 1, 2, 3

),

purchased as (

    -- added up by customer first: joined as they are, few orders and many days made millions of pairs by grain alone
    select
        orders_counted.customer_id,
        day_periods.grain,
        day_periods.period_index,
        count(*) as count_orders,
        sum(orders_counted.net_amount) as net_amount
    from orders_counted
    inner join day_periods
        on orders_counted.order_date = day_periods.calendar_date
    group by 1, 2, 3

),

purchases as (

    select
        members.grain,
        members.cohort_index,
        purchased.period_index,
        cast(sum(purchased.count_orders) as bigint) as count_orders,
        cast(sum(purchased.net_amount) as decimal(18, 2)) as net_amount
    from members
    inner join purchased
        on members.customer_id = purchased.customer_id
        and members.grain = purchased.grain
    group by 1, 2, 3

),

cells as (

    select
        cohorts.grain,
        cohort_periods.period_start as cohort_start,
        periods.period_index - cohorts.cohort_index as period_number,
        cohorts.count_cohort,
        coalesce(returns.count_active, 0) as count_active,
        coalesce(purchases.count_orders, 0) as count_orders,
        coalesce(purchases.net_amount, cast(0 as decimal(18, 2))) as net_amount,
        periods.is_complete
    from cohorts
    inner join periods as cohort_periods
        on cohorts.grain = cohort_periods.grain
        and cohorts.cohort_index = cohort_periods.period_index
    inner join periods
        on cohorts.grain = periods.grain
        and cohorts.cohort_index <= periods.period_index
    left join returns
        on cohorts.grain = returns.grain
        and cohorts.cohort_index = returns.cohort_index
        and periods.period_index = returns.period_index
    left join purchases
        on cohorts.grain = purchases.grain
        and cohorts.cohort_index = purchases.cohort_index
        and periods.period_index = purchases.period_index

),

cumulated as (

    select
        *,
        cast(sum(net_amount) over (
            partition by grain, cohort_start
            order by period_number asc
            rows between unbounded preceding and current row
        ) as decimal(18, 2)) as cumulative_net_amount
    from cells

),

final as (

    -- a cell whose period still runs is null, not a small number
    select
        cumulated.grain,
        cumulated.cohort_start,
        cumulated.period_number,
        cumulated.count_cohort,
        case when cumulated.is_complete then cumulated.count_active end as count_active,
        case when cumulated.is_complete then cumulated.count_orders end as count_orders,
        case when cumulated.is_complete then cumulated.net_amount end as net_amount,
        case when cumulated.is_complete then cumulated.cumulative_net_amount end as cumulative_net_amount,
        parameters.reporting_currency as currency_code,
        cumulated.is_complete
    from cumulated
    cross join parameters

)

select * from final
