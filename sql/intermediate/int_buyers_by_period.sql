-- One row per grain (week, month, quarter, year) and period with an order.
with

orders_counted as (

    select
        customer_id,
        order_date
    from int_orders_counted

),

calendar_days as (

    select
        calendar_date,
        week_start,
        month_start,
        quarter_start,
        year_start
    from calendar_days

),

weeks as (

    select distinct
        orders_counted.customer_id,
        calendar_days.week_start
    from orders_counted
    inner join calendar_days
        on orders_counted.order_date = calendar_days.calendar_date

),

months as (

    select distinct
        orders_counted.customer_id,
        calendar_days.month_start
    from orders_counted
    inner join calendar_days
        on orders_counted.order_date = calendar_days.calendar_date

),

quarters as (

    -- from the months, which are fewer than the orders
    select distinct
        months.customer_id,
        calendar_days.quarter_start
    from months
    inner join calendar_days
        on months.month_start = calendar_days.calendar_date

),

years as (

    select distinct
        quarters.customer_id,
        calendar_days.year_start
    from quarters
    inner join calendar_days
        on quarters.quarter_start = calendar_days.calendar_date

),

final as (

    select 'week' as grain, week_start as period_start, count(*) as count_buyers from weeks group by 2
    union all
    select 'month' as grain, month_start as period_start, count(*) as count_buyers from months group by 2
    union all
    select 'quarter' as grain, quarter_start as period_start, count(*) as count_buyers from quarters group by 2
    union all
    select 'year' as grain, year_start as period_start, count(*) as count_buyers from years group by 2

)

select * from final
