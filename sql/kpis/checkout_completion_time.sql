-- One row per grain (month, quarter, year) and period from the first order with a checkout to the as-of period.
with

carts as (

    select
        cart_id,
        ordered_at,
        date_diff('millisecond', checkout_started_at, ordered_at) as milliseconds
    from carts
    where ordered_at >= checkout_started_at

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

day_periods as (

    select
        calendar_date,
        grain,
        period_start
    from int_day_periods
    where grain in ('month', 'quarter', 'year')

),

periods as (

    select
        grain,
        period_start,
        is_complete
    from int_periods

),

ranked as (

    -- an exact median: a unique order, and the one or two in its middle
    select
        day_periods.grain,
        day_periods.period_start,
        carts.milliseconds,
        row_number() over (
            partition by day_periods.grain, day_periods.period_start
            order by carts.milliseconds asc, carts.cart_id asc
        ) as position_in_period,
        count(*) over (partition by day_periods.grain, day_periods.period_start) as count_carts
    from carts
    inner join local_slots
        on cast(floor(to_unixtime(carts.ordered_at) / 900) as bigint) = local_slots.slot
    inner join day_periods
        on local_slots.local_date = day_periods.calendar_date

),

medians as (

    select
        grain,
        period_start,
        avg(cast(milliseconds as double)) / 60000 as median_minutes,
        max(count_carts) as count_carts
    from ranked
    where position_in_period in ((count_carts + 1) / 2, (count_carts + 2) / 2)
    group by 1, 2

),

first_periods as (

    select
        grain,
        min(period_start) as first_start
    from medians
    group by 1

),

final as (

    select
        periods.grain,
        periods.period_start,
        'all' as segment_type,
        'all' as segment_value,
        medians.median_minutes as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        coalesce(medians.count_carts, 0) as n,
        periods.is_complete,
        case when medians.median_minutes is null then 'no_data' end as null_reason
    from periods
    inner join first_periods
        on periods.grain = first_periods.grain
        and periods.period_start >= first_periods.first_start
    left join medians
        on periods.grain = medians.grain
        and periods.period_start = medians.period_start

)

select * from final
