-- One row per grain (month, quarter, year) and period.
with

orders_by_period as (

    select
        grain,
        period_start,
        net_amount
    from int_orders_by_period
    where segment_type = 'all'

),

buyers_by_period as (

    select
        grain,
        period_start,
        count_buyers
    from int_buyers_by_period

),

retention as (

    -- no lifetime is longer than five years
    select
        grain,
        period_start,
        count_active_at_start,
        count_lost,
        case grain when 'month' then 60 when 'quarter' then 20 else 5 end as most_periods,
        is_complete
    from int_retention_by_period

),

margins as (

    select margin_share
    from int_order_margins

),

joined as (

    select
        retention.grain,
        retention.period_start,
        cast(orders_by_period.net_amount as double) * coalesce(margins.margin_share, cast(1 as double))
            as net_worth,
        coalesce(buyers_by_period.count_buyers, 0) as count_buyers,
        retention.count_active_at_start,
        least(
            coalesce(
                cast(retention.count_active_at_start as double)
                    / nullif(cast(retention.count_lost as double), 0),
                cast(retention.most_periods as double)
            ),
            cast(retention.most_periods as double)
        ) as periods_to_live,
        retention.is_complete
    from retention
    cross join margins
    left join orders_by_period
        on retention.grain = orders_by_period.grain
        and retention.period_start = orders_by_period.period_start
    left join buyers_by_period
        on retention.grain = buyers_by_period.grain
        and retention.period_start = buyers_by_period.period_start

),

final as (

    select
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        case
            when count_active_at_start > 0
                then net_worth / nullif(cast(count_buyers as double), 0) * periods_to_live
        end as value,
        cast(null as double) as numerator,
        cast(null as double) as denominator,
        count_buyers as n,
        is_complete,
        case when count_buyers = 0 or count_active_at_start = 0 then 'no_denominator' end as null_reason
    from joined

)

select * from final
