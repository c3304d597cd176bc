-- One row per event that a touchpoint before the as-of instant carries.
with

touchpoints as (

    select
        event,
        occurred_at
    from touchpoints

),

parameters as (

    select as_of_at
    from run_parameters

),

final as (

    select
        touchpoints.event,
        count(*) as count_touchpoints
    from touchpoints
    cross join parameters
    where touchpoints.occurred_at < parameters.as_of_at
    group by 1

)

select * from final
