-- One row per grain (month, quarter, year) and period.
with

renewals as (

    select
        grain,
        period_start,
        count_due,
        count_renewed,
        are_renewals_complete
    from int_renewals_by_period

),

final as (

    select
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(count_renewed as double) / nullif(cast(count_due as double), 0) as value,
        cast(count_renewed as double) as numerator,
        cast(count_due as double) as denominator,
        count_due as n,
        are_renewals_complete as is_complete,
        case when count_due = 0 then 'no_denominator' end as null_reason
    from renewals

)

select * from final
