-- One row per grain (week to year) and period: the state at its end.
with

new_customers as (

    select
        grain,
        period_start,
        count_new_customers,
        count_second_orders,
        is_complete
    from int_new_customers_by_period
    where segment_type = 'all'

),

to_date as (

    -- whoever placed a second order by then has two or more
    select
        grain,
        period_start,
        cast(sum(count_new_customers) over (
            partition by grain
            order by period_start asc
            rows between unbounded preceding and current row
        ) as bigint) as count_customers,
        cast(sum(count_second_orders) over (
            partition by grain
            order by period_start asc
            rows between unbounded preceding and current row
        ) as bigint) as count_repeat_customers,
        is_complete
    from new_customers

),

final as (

    select
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(count_repeat_customers as double) / nullif(cast(count_customers as double), 0) as value,
        cast(count_repeat_customers as double) as numerator,
        cast(count_customers as double) as denominator,
        count_customers as n,
        is_complete,
        case when count_customers = 0 then 'no_denominator' end as null_reason
    from to_date

)

select * from final
