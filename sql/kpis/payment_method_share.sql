-- One row per grain (week to year), period from the first payment by the method to the as-of period, and payment method.
with

purchase_periods as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        part,
        count_facts,
        is_complete
    from int_purchase_periods
    where measure = 'payment_method_share'

),

totals as (

    select
        grain,
        period_start,
        sum(part) as paid_amount
    from purchase_periods
    group by 1, 2

),

final as (

    select
        purchase_periods.grain,
        purchase_periods.period_start,
        purchase_periods.segment_type,
        purchase_periods.segment_value,
        cast(purchase_periods.part as double) / nullif(cast(totals.paid_amount as double), 0) as value,
        cast(purchase_periods.part as double) as numerator,
        cast(totals.paid_amount as double) as denominator,
        purchase_periods.count_facts as n,
        purchase_periods.is_complete,
        case when totals.paid_amount = 0 then 'no_denominator' end as null_reason
    from purchase_periods
    inner join totals
        on purchase_periods.grain = totals.grain
        and purchase_periods.period_start = totals.period_start

)

select * from final
