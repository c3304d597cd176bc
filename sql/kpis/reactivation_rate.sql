-- One row per lifecycle, grain (week, month) and period from the first entry on.
with

periods as (

    select
        lifecycle_id,
        grain,
        period_start,
        is_complete
    from int_stage_periods
    where grain in ('week', 'month')
        and segment_type = 'all'

),

flows as (

    select
        lifecycle_id,
        grain,
        to_stage_id,
        period_start,
        count_customers
    from stage_flows
    where from_stage_id = 'lapsed'

),

counted as (

    select
        lifecycle_id,
        grain,
        period_start,
        sum(count_customers) as count_lapsed,
        sum(case when to_stage_id <> 'lapsed' then count_customers else 0 end) as count_returned
    from flows
    group by 1, 2, 3

),

joined as (

    select
        periods.lifecycle_id,
        periods.grain,
        periods.period_start,
        periods.is_complete,
        cast(coalesce(counted.count_lapsed, 0) as bigint) as count_lapsed,
        cast(coalesce(counted.count_returned, 0) as bigint) as count_returned
    from periods
    left join counted
        on periods.lifecycle_id = counted.lifecycle_id
        and periods.grain = counted.grain
        and periods.period_start = counted.period_start

),

final as (

    select
        lifecycle_id,
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(count_returned as double) / nullif(cast(count_lapsed as double), 0) as value,
        cast(count_returned as double) as numerator,
        cast(count_lapsed as double) as denominator,
        count_lapsed as n,
        is_complete,
        case when count_lapsed = 0 then 'no_denominator' end as null_reason
    from joined

)

select * from final
