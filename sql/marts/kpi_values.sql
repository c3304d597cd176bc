-- One row per KPI, lifecycle (none for most), grain, period and segment.
with

kpi_results as (

    select
        kpi_id,
        lifecycle_id,
        grain,
        period_start,
        segment_type,
        segment_value,
        value,
        numerator,
        denominator,
        n,
        is_complete,
        null_reason,
        lower,
        upper
    from kpi_results

),

kpi_catalogue as (

    select
        kpi_id,
        unit,
        definition_version
    from kpi_catalogue

),

periods as (

    select
        grain,
        period_start,
        period_index
    from int_periods

),

parameters as (

    select reporting_currency
    from run_parameters

),

targets as (

    select
        kpi_id,
        target,
        grain,
        source,
        lifecycle_id,
        segment_type,
        segment_value
    from targets

),

benchmarks as (

    select
        kpi_id,
        segment_type,
        segment_value,
        grain,
        benchmark,
        source
    from benchmarks

),

placed as (

    select
        kpi_results.*,
        periods.period_index
    from kpi_results
    inner join periods
        on kpi_results.grain = periods.grain
        and kpi_results.period_start = periods.period_start

),

compared as (

    select
        *,
        lag(period_index) over (
            partition by kpi_id, lifecycle_id, grain, segment_type, segment_value
            order by period_index asc
        ) as previous_index,
        lag(value) over (
            partition by kpi_id, lifecycle_id, grain, segment_type, segment_value
            order by period_index asc
        ) as value_before
    from placed

),

final as (

    select
        compared.kpi_id,
        compared.lifecycle_id,
        compared.grain,
        compared.period_start,
        compared.segment_type,
        compared.segment_value,
        compared.value,
        compared.lower,
        compared.upper,
        compared.numerator,
        compared.denominator,
        compared.n,
        kpi_catalogue.unit,
        case when kpi_catalogue.unit = 'money' then parameters.reporting_currency end as currency_code,
        coalesce(stage_targets.target, targets.target) as target,
        benchmarks.benchmark,
        case when compared.previous_index = compared.period_index - 1 then compared.value_before end as previous_value,
        compared.is_complete,
        compared.null_reason,
        kpi_catalogue.definition_version,
        coalesce(stage_targets.source, targets.source) as target_source,
        benchmarks.source as benchmark_source
    from compared
    inner join kpi_catalogue
        on compared.kpi_id = kpi_catalogue.kpi_id
    cross join parameters
    left join targets
        on compared.kpi_id = targets.kpi_id
        and coalesce(targets.grain, compared.grain) = compared.grain
        and targets.lifecycle_id is null
    left join targets as stage_targets
        on compared.kpi_id = stage_targets.kpi_id
        and coalesce(stage_targets.grain, compared.grain) = compared.grain
        and compared.lifecycle_id = stage_targets.lifecycle_id
        and compared.segment_type = stage_targets.segment_type
        and compared.segment_value = stage_targets.segment_value
    left join benchmarks
        on compared.kpi_id = benchmarks.kpi_id
        and coalesce(benchmarks.grain, compared.grain) = compared.grain
        and compared.segment_type = benchmarks.segment_type
        and compared.segment_value = benchmarks.segment_value

)

select * from final
