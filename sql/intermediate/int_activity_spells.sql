-- One row per customer and unbroken span of being active.
with

activity as (

    select
        customer_id,
        activity_date
    from int_customer_activity

),

after_previous as (

    select
        customer_id,
        activity_date,
        lag(activity_date) over (partition by customer_id order by activity_date asc) as previous_date
    from activity

),

marked as (

    select
        customer_id,
        activity_date,
        case
            when previous_date is null then 1
            when date_diff('day', cast(previous_date as timestamp), cast(activity_date as timestamp)) > 365 then 1
            else 0
        end as is_start
    from after_previous

),

numbered as (

    select
        customer_id,
        activity_date,
        cast(sum(is_start) over (
            partition by customer_id
            order by activity_date asc
            rows between unbounded preceding and current row
        ) as bigint) as spell_number
    from marked

),

spells as (

    select
        customer_id,
        spell_number,
        cast(date_add('day', 1, min(activity_date)) as date) as starts_on,
        cast(date_add('day', 365, max(activity_date)) as date) as ends_on
    from numbered
    group by 1, 2

),

final as (

    select
        customer_id,
        spell_number,
        starts_on,
        ends_on,
        lead(starts_on) over (partition by customer_id order by spell_number asc) as next_starts_on
    from spells

)

select * from final
