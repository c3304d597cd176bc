-- One row per grain (week to year), period from the first fact to the as-of period, and segment.
with

measured_periods as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        part,
        whole,
        count_facts,
        is_complete
    from int_measured_periods
    where measure = 'unsubscribe_rate'

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(part as double) / nullif(cast(whole as double), 0) as value,
        cast(part as double) as numerator,
        cast(whole as double) as denominator,
        count_facts as n,
        is_complete,
        case when whole = 0 then 'no_denominator' end as null_reason
    from measured_periods

)

select * from final
