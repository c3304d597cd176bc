-- One row per frequency and hundred of repeat amount: what repeat buyers spent, in lists.
with

summaries as (

    select
        frequency,
        cast(round(cast(repeat_amount as double) * 100) as bigint) as hundredths
    from int_purchase_summaries
    where frequency > 0
        and repeat_amount > 0

),

counted as (

    select
        frequency,
        hundredths,
        hundredths / 10000 as amount_hundred,
        count(*) as count_customers
    from summaries
    group by 1, 2, 3

),

final as (

    select
        frequency,
        amount_hundred,
        array_join(array_agg(cast(hundredths as varchar) order by hundredths asc), ' ') as hundredths,
        array_join(array_agg(cast(count_customers as varchar) order by hundredths asc), ' ') as customers
    from counted
    group by 1, 2

)

select * from final
