-- One row per lifecycle, grain (week, month), period from the first entry on, and segment: all, or the stage before.
with

periods as (

    select
        lifecycle_id,
        grain,
        segment_type,
        segment_value,
        period_start,
        is_complete
    from int_stage_periods
    where grain in ('week', 'month')
        and (stage_rank is null or stage_rank > 0)

),

flows as (

    select
        lifecycle_id,
        grain,
        from_stage_id,
        to_stage_id,
        period_start,
        count_customers
    from stage_flows
    where from_stage_id not in ('outside', 'lapsed')

),

counted as (

    select
        lifecycle_id,
        grain,
        'stage' as segment_type,
        from_stage_id as segment_value,
        period_start,
        sum(count_customers) as count_before,
        sum(case when to_stage_id = 'lapsed' then count_customers else 0 end) as count_lapsed
    from flows
    group by 1, 2, 4, 5
    union all
    select
        lifecycle_id,
        grain,
        'all' as segment_type,
        'all' as segment_value,
        period_start,
        sum(count_customers) as count_before,
        sum(case when to_stage_id = 'lapsed' then count_customers else 0 end) as count_lapsed
    from flows
    group by 1, 2, 5

),

joined as (

    select
        periods.lifecycle_id,
        periods.grain,
        periods.segment_type,
        periods.segment_value,
        periods.period_start,
        periods.is_complete,
        cast(coalesce(counted.count_before, 0) as bigint) as count_before,
        cast(coalesce(counted.count_lapsed, 0) as bigint) as count_lapsed
    from periods
    left join counted
        on periods.lifecycle_id = counted.lifecycle_id
        and periods.grain = counted.grain
        and periods.segment_type = counted.segment_type
        and periods.segment_value = counted.segment_value
        and periods.period_start = counted.period_start

),

final as (

    select
        lifecycle_id,
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(count_lapsed as double) / nullif(cast(count_before as double), 0) as value,
        cast(count_lapsed as double) as numerator,
        cast(count_before as double) as denominator,
        count_before as n,
        is_complete,
        case when count_before = 0 then 'no_denominator' end as null_reason
    from joined

)

select * from final
