-- One row per grain (week to year) and period from the first visit with a product added to the as-of period.
with

visits_by_period as (

    select
        grain,
        period_start,
        count_with_add,
        count_visits,
        is_complete
    from int_visits_by_period
    where grain <> 'day'
        and segment_type = 'all'

),

first_periods as (

    select
        grain,
        min(period_start) as first_start
    from visits_by_period
    where count_with_add > 0
    group by 1

),

final as (

    select
        visits_by_period.grain,
        visits_by_period.period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(visits_by_period.count_with_add as double)
            / nullif(cast(visits_by_period.count_visits as double), 0) as value,
        cast(visits_by_period.count_with_add as double) as numerator,
        cast(visits_by_period.count_visits as double) as denominator,
        visits_by_period.count_visits as n,
        visits_by_period.is_complete,
        case when visits_by_period.count_visits = 0 then 'no_denominator' end as null_reason
    from visits_by_period
    inner join first_periods
        on visits_by_period.grain = first_periods.grain
        and visits_by_period.period_start >= first_periods.first_start

)

select * from final
