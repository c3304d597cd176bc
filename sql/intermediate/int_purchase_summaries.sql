-- One row per customer with an order that counts: what models of buying know of them.
with

orders_counted as (

    select
        customer_id,
        order_date,
        net_amount
    from int_orders_counted

),

parameters as (

    select
        run_parameters.as_of_date,
        cast(date_add(
            'day',
            -value_settings.holdout_days,
            cast(run_parameters.as_of_date as timestamp)
        ) as date) as calibration_date
    from run_parameters
    cross join value_settings

),

days as (

    select
        customer_id,
        order_date,
        sum(net_amount) as net_amount
    from orders_counted
    group by 1, 2

),

summed as (

    select
        days.customer_id,
        count(*) - 1 as frequency,
        min(days.order_date) as first_date,
        max(days.order_date) as last_date,
        sum(days.net_amount) - min_by(days.net_amount, days.order_date) as repeat_amount,
        count(case when days.order_date <= parameters.calibration_date then 1 end) - 1
            as calibration_frequency,
        max(case when days.order_date <= parameters.calibration_date then days.order_date end)
            as calibration_last_date,
        count(case when days.order_date > parameters.calibration_date then 1 end) as holdout_frequency
    from days
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
