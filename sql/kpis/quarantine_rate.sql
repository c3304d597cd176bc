-- One row per grain for the as-of period, and segment (all, source): of everything received until now.
with

ledger as (

    select
        source,
        outcome,
        count_items
    from ingest_ledger
    where outcome in ('accepted', 'quarantined')

),

as_of_periods as (

    select
        int_day_periods.grain,
        int_day_periods.period_start,
        int_day_periods.is_complete
    from int_day_periods
    inner join run_parameters
        on int_day_periods.calendar_date = run_parameters.as_of_date

),

by_segment as (

    select
        'all' as segment_type,
        'all' as segment_value,
        cast(coalesce(sum(case when outcome = 'quarantined' then count_items end), 0) as bigint) as count_quarantined,
        cast(coalesce(sum(case when outcome = 'accepted' then count_items end), 0) as bigint) as count_accepted
    from ledger
    union all
    select
        'source' as segment_type,
        source as segment_value,
        cast(coalesce(sum(case when outcome = 'quarantined' then count_items end), 0) as bigint) as count_quarantined,
        cast(coalesce(sum(case when outcome = 'accepted' then count_items end), 0) as bigint) as count_accepted
    from ledger
    group by 2

),

final as (

    select
        as_of_periods.grain,
        as_of_periods.period_start,
        by_segment.segment_type,
        by_segment.segment_value,
        cast(by_segment.count_quarantined as double) / nullif(cast(by_segment.count_accepted as double), 0) as value,
        cast(by_segment.count_quarantined as double) as numerator,
        cast(by_segment.count_accepted as double) as denominator,
        by_segment.count_accepted as n,
        as_of_periods.is_complete,
        case when by_segment.count_accepted = 0 then 'no_denominator' end as null_reason
    from by_segment
    cross join as_of_periods

)

select * from final
