-- One row per lifecycle and customer who came to value creation first, with when value expansion followed.
with

span_days as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        entered_date,
        entered_at
    from int_span_days
    where stage_rank > 0

),

lifecycles as (

    select
        lifecycle_id,
        position
    from lifecycles

),

stages as (

    select
        lifecycle_id,
        phase,
        stage_rank
    from lifecycle_stages

),

parameters as (

    select as_of_at
    from run_parameters

),

with_both_phases as (

    select lifecycle_id
    from stages
    where phase in ('value_creation', 'value_expansion')
    group by 1
    having min(phase) <> max(phase)

),

phases as (

    select
        lifecycles.position as lifecycle_number,
        stages.stage_rank,
        stages.phase = 'value_expansion' as is_expansion
    from stages
    inner join lifecycles
        on stages.lifecycle_id = lifecycles.lifecycle_id
    inner join with_both_phases
        on stages.lifecycle_id = with_both_phases.lifecycle_id
    where stages.phase in ('value_creation', 'value_expansion')

),

firsts as (

    select
        span_days.lifecycle_number,
        span_days.customer_key,
        min(case when not phases.is_expansion then span_days.entered_date end) as entered_date,
        min(case when not phases.is_expansion then span_days.entered_at end) as entered_at,
        min(case when phases.is_expansion then span_days.entered_at end) as expanded_at
    from span_days
    inner join phases
        on span_days.lifecycle_number = phases.lifecycle_number
        and span_days.stage_rank = phases.stage_rank
    group by 1, 2

),

final as (

    -- who begins beyond it has nothing to cross
    select
        firsts.lifecycle_number,
        firsts.customer_key,
        cast(date_trunc('month', firsts.entered_date) as date) as entry_month,
        date_diff(
            'millisecond',
            firsts.entered_at,
            coalesce(firsts.expanded_at, parameters.as_of_at)
        ) as duration_milliseconds,
        firsts.expanded_at is not null as is_crossed,
        date_diff('millisecond', firsts.entered_at, parameters.as_of_at) >= 15552000000 as is_mature
    from firsts
    cross join parameters
    where firsts.entered_at < coalesce(firsts.expanded_at, parameters.as_of_at)

)

select * from final
