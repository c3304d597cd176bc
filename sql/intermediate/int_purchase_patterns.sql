-- One row per sample, frequency and age: customers alike in frequency, age and recency, counted, in lists by recency.
with

summaries as (

    select
        frequency,
        recency_days,
        age_days,
        calibration_frequency,
        calibration_recency_days,
        calibration_age_days,
        holdout_frequency
    from int_purchase_summaries

),

counted as (

    select
        'all' as sample,
        frequency,
        age_days,
        recency_days,
        count(*) as count_customers,
        cast(0 as bigint) as holdout_orders
    from summaries
    group by 2, 3, 4
    union all
    select
        'calibration' as sample,
        calibration_frequency as frequency,
        calibration_age_days as age_days,
        calibration_recency_days as recency_days,
        count(*) as count_customers,
        cast(sum(holdout_frequency) as bigint) as holdout_orders
    from summaries
    where calibration_frequency is not null
    group by 2, 3, 4

),

final as (

    -- lists, because the program that fits reads them by rows, and some engines hand out few rows at a time
    select
        sample,
        frequency,
        age_days,
        array_join(array_agg(cast(recency_days as varchar) order by recency_days asc), ' ') as recencies,
        array_join(array_agg(cast(count_customers as varchar) order by recency_days asc), ' ') as customers,
        cast(sum(holdout_orders) as bigint) as holdout_orders
    from counted
    group by 1, 2, 3

)

select * from final
