-- One row per grain (month, quarter, year) and period from the first spend to the as-of period.
with

spend_by_period as (

    select
        grain,
        period_start,
        spend_amount,
        is_complete
    from int_spend_by_period
    where grain in ('month', 'quarter', 'year')
        and segment_type = 'all'

),

new_customers as (

    select
        grain,
        period_start,
        count_new_customers
    from int_new_customers_by_period
    where segment_type = 'all'

),

joined as (

    select
        spend_by_period.grain,
        spend_by_period.period_start,
        spend_by_period.spend_amount,
        coalesce(new_customers.count_new_customers, 0) as count_new_customers,
        spend_by_period.is_complete
    from spend_by_period
    left join new_customers
        on spend_by_period.grain = new_customers.grain
        and spend_by_period.period_start = new_customers.period_start

),

final as (

    select
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(spend_amount as double) / nullif(cast(count_new_customers as double), 0) as value,
        cast(spend_amount as double) as numerator,
        cast(count_new_customers as double) as denominator,
        count_new_customers as n,
        is_complete,
        case when count_new_customers = 0 then 'no_denominator' end as null_reason
    from joined

)

select * from final
