-- One row per customer with an order that counts: what models of buying know of them.
with

orders_counted as (

    select
        customer_id,
        order_number,
        order_date,
        net_amount
    from int_orders_counted

),

parameters as (

    select
        run_parameters.as_of_date,
        value_settings.purchase,
        cast(date_add(
            'day',
            -value_settings.holdout_days,
            cast(run_parameters.as_of_date as timestamp)
        ) as date) as calibration_date
    from run_parameters
    cross join value_settings

),

purchases as (

    select
        orders_counted.customer_id,
        orders_counted.order_date,
        case when parameters.purchase = 'order' then orders_counted.order_number end as own_number,
        min(orders_counted.order_number) as purchase_number,
        sum(orders_counted.net_amount) as net_amount
    from orders_counted
    cross join parameters
    group by 1, 2, 3

),

summed as (

    select
        purchases.customer_id,
        count(*) - 1 as frequency,
        min(purchases.order_date) as first_date,
        max(purchases.order_date) as last_date,
        sum(purchases.net_amount) - min_by(purchases.net_amount, purchases.purchase_number) as repeat_amount,
        count(case when purchases.order_date <= parameters.calibration_date then 1 end) - 1
            as calibration_frequency,
        max(case when purchases.order_date <= parameters.calibration_date then purchases.order_date end)
            as calibration_last_date,
        count(case when purchases.order_date > parameters.calibration_date then 1 end) as holdout_frequency
    from purchases
    cross join parameters
    group by 1

),

final as (

    -- in the calibration are those who had bought by then
    select
        summed.customer_id,
        summed.frequency,
        date_diff('day', cast(summed.first_date as timestamp), cast(summed.last_date as timestamp))
            as recency_days,
        date_diff('day', cast(summed.first_date as timestamp), cast(parameters.as_of_date as timestamp))
            as age_days,
        cast(summed.repeat_amount as decimal(18, 2)) as repeat_amount,
        case when summed.calibration_frequency >= 0 then summed.calibration_frequency end
            as calibration_frequency,
        date_diff(
            'day', cast(summed.first_date as timestamp), cast(summed.calibration_last_date as timestamp)
        ) as calibration_recency_days,
        case
            when summed.calibration_frequency >= 0
                then date_diff(
                    'day', cast(summed.first_date as timestamp), cast(parameters.calibration_date as timestamp)
                )
        end as calibration_age_days,
        case when summed.calibration_frequency >= 0 then summed.holdout_frequency end as holdout_frequency,
        summed.first_date as first_order_date
    from summed
    cross join parameters

)

select * from final
