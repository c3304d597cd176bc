-- One row per grain (month, quarter) and period from the first of these persons to the as-of period.
with

persons as (

    select
        grain,
        period_start,
        count_persons,
        count_active,
        is_complete
    from int_persons_by_period
    where measure = 'ugc_rate'

),

final as (

    select
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(count_persons as double) / nullif(cast(count_active as double), 0) as value,
        cast(count_persons as double) as numerator,
        cast(count_active as double) as denominator,
        count_active as n,
        is_complete,
        case when count_active = 0 then 'no_denominator' end as null_reason
    from persons

)

select * from final
