-- One row per grain (week, month, quarter) and period from the first activity to the as-of day.
with

customer_periods as (

    select
        customer_id,
        grain,
        period_index
    from int_customer_periods

),

periods as (

    select
        grain,
        period_start,
        period_index,
        is_complete
    from int_periods
    where grain in ('week', 'month', 'quarter')

),

after_previous as (

    select
        customer_id,
        grain,
        period_index,
        lag(period_index) over (partition by customer_id, grain order by period_index asc) as previous_index,
        lead(period_index) over (partition by customer_id, grain order by period_index asc) as next_index
    from customer_periods

),

kinds as (

    select
        grain,
        period_index,
        case
            when previous_index is null then 'new'
            when previous_index = period_index - 1 then 'returning'
            else 'resurrected'
        end as kind
    from after_previous
    union all
    -- who was active and is not in the period after is dormant there
    select
        grain,
        period_index + 1 as period_index,
        'dormant' as kind
    from after_previous
    where next_index is null
        or next_index > period_index + 1

),

first_periods as (

    select
        grain,
        min(period_index) as first_index
    from customer_periods
    group by 1

),

final as (

    select
        periods.grain,
        periods.period_start,
        count(case when kinds.kind = 'new' then 1 end) as count_new,
        count(case when kinds.kind = 'returning' then 1 end) as count_returning,
        count(case when kinds.kind = 'resurrected' then 1 end) as count_resurrected,
        count(case when kinds.kind = 'dormant' then 1 end) as count_dormant,
        periods.is_complete
    from periods
    inner join first_periods
        on periods.grain = first_periods.grain
        and periods.period_index >= first_periods.first_index
    left join kinds
        on periods.grain = kinds.grain
        and periods.period_index = kinds.period_index
    group by 1, 2, 7

)

select * from final
