-- One row per grain (week to year), period from the first payment by the method to the as-of period, and payment method.
with

measured_periods as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        part,
        count_facts,
        is_complete
    from int_measured_periods
    where measure = 'payment_method_share'

),

totals as (

    select
        grain,
        period_start,
        sum(part) as paid_amount
    from measured_periods
    group by 1, 2

),

final as (

    select
        measured_periods.grain,
        measured_periods.period_start,
        measured_periods.segment_type,
        measured_periods.segment_value,
        cast(measured_periods.part as double) / nullif(cast(totals.paid_amount as double), 0) as value,
        cast(measured_periods.part as double) as numerator,
        cast(totals.paid_amount as double) as denominator,
        measured_periods.count_facts as n,
        measured_periods.is_complete,
        case when totals.paid_amount = 0 then 'no_denominator' end as null_reason
    from measured_periods
    inner join totals
        on measured_periods.grain = totals.grain
        and measured_periods.period_start = totals.period_start

)

select * from final
