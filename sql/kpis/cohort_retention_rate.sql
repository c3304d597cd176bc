-- One row per grain (week, month, quarter) and period of the first order: who came back in the period after it.
with

cells as (

    select
        grain,
        cohort_start,
        period_number,
        count_cohort,
        count_active
    from cohort_retention
    where period_number in (0, 1)

),

periods as (

    -- a cohort is mature when the period after its own is over
    select
        grain,
        period_start,
        coalesce(lead(is_complete) over (partition by grain order by period_index asc), false) as is_mature
    from int_periods
    where grain in ('week', 'month', 'quarter')

),

first_cohorts as (

    select
        grain,
        min(cohort_start) as first_start
    from cells
    group by 1

),

cohorts as (

    select
        periods.grain,
        periods.period_start,
        coalesce(own_cells.count_cohort, 0) as count_cohort,
        case when periods.is_mature then coalesce(next_cells.count_active, 0) end as count_active,
        periods.is_mature
    from periods
    inner join first_cohorts
        on periods.grain = first_cohorts.grain
        and periods.period_start >= first_cohorts.first_start
    left join cells as own_cells
        on periods.grain = own_cells.grain
        and periods.period_start = own_cells.cohort_start
        and own_cells.period_number = 0
    left join cells as next_cells
        on periods.grain = next_cells.grain
        and periods.period_start = next_cells.cohort_start
        and next_cells.period_number = 1

),

final as (

    select
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(count_active as double) / nullif(cast(count_cohort as double), 0) as value,
        cast(count_active as double) as numerator,
        cast(count_cohort as double) as denominator,
        count_cohort as n,
        is_mature as is_complete,
        case
            when not is_mature then 'not_mature'
            when count_cohort = 0 then 'no_denominator'
        end as null_reason
    from cohorts

)

select * from final
