-- One row per lifecycle with both phases of value, grain (week to year) and period from the first entry on.
with

periods as (

    select
        lifecycle_id,
        grain,
        phase,
        stage_rank,
        period_start,
        is_complete,
        count_customers
    from int_stage_periods
    where segment_type = 'stage'
        and stage_rank > 0

),

counted as (

    select
        lifecycle_id,
        grain,
        period_start,
        is_complete,
        cast(sum(count_customers) as bigint) as count_customers,
        cast(sum(case when phase = 'value_expansion' then count_customers else 0 end) as bigint) as count_expanded
    from periods
    group by 1, 2, 3, 4
    having count(case when phase = 'value_creation' then 1 end) > 0
        and count(case when phase = 'value_expansion' then 1 end) > 0

),

final as (

    select
        lifecycle_id,
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(count_expanded as double) / nullif(cast(count_customers as double), 0) as value,
        cast(count_expanded as double) as numerator,
        cast(count_customers as double) as denominator,
        count_customers as n,
        is_complete,
        case when count_customers = 0 then 'no_denominator' end as null_reason
    from counted

)

select * from final
