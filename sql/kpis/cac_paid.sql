-- One row per grain (month, quarter, year), period from the first spend, and segment (all, marketing channel).
with

paid_channels as (

    select paid.marketing_channel
    from (values
        ('influencer'), ('affiliate'), ('paid_shopping'), ('paid_search'),
        ('paid_social'), ('retargeting'), ('display'), ('video')
    ) as paid (marketing_channel)

),

spend_by_period as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        spend_amount,
        is_complete
    from int_spend_by_period
    where grain in ('month', 'quarter', 'year')

),

new_customers as (

    select
        grain,
        period_start,
        segment_value as marketing_channel,
        count_new_customers
    from int_new_customers_by_period
    where segment_type = 'marketing_channel'

),

channel_periods as (

    -- every paid channel in every period of spend: one may bring customers without spend, or the reverse
    select
        spend_by_period.grain,
        spend_by_period.period_start,
        paid_channels.marketing_channel,
        spend_by_period.is_complete
    from spend_by_period
    cross join paid_channels
    where spend_by_period.segment_type = 'all'

),

by_channel as (

    select
        channel_periods.grain,
        channel_periods.period_start,
        channel_periods.marketing_channel,
        coalesce(spend_by_period.spend_amount, 0) as spend_amount,
        coalesce(new_customers.count_new_customers, 0) as count_new_customers,
        channel_periods.is_complete
    from channel_periods
    left join spend_by_period
        on channel_periods.grain = spend_by_period.grain
        and channel_periods.period_start = spend_by_period.period_start
        and channel_periods.marketing_channel = spend_by_period.segment_value
        and spend_by_period.segment_type = 'marketing_channel'
    left join new_customers
        on channel_periods.grain = new_customers.grain
        and channel_periods.period_start = new_customers.period_start
        and channel_periods.marketing_channel = new_customers.marketing_channel

),

channels_used as (

    select marketing_channel
    from by_channel
    group by 1
    having sum(spend_amount) > 0

),

by_segment as (

    select
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        sum(spend_amount) as spend_amount,
        cast(sum(count_new_customers) as bigint) as count_new_customers,
        bool_and(is_complete) as is_complete
    from by_channel
    group by 1, 2
    union all
    select
        by_channel.grain,
        by_channel.period_start,
        'marketing_channel' as segment_type,
        by_channel.marketing_channel as segment_value,
        by_channel.spend_amount,
        by_channel.count_new_customers,
        by_channel.is_complete
    from by_channel
    inner join channels_used
        on by_channel.marketing_channel = channels_used.marketing_channel

),

final as (

    select
        grain,
        period_start,
        segment_type,
        segment_value,
        cast(spend_amount as double) / nullif(cast(count_new_customers as double), 0) as value,
        cast(spend_amount as double) as numerator,
        cast(count_new_customers as double) as denominator,
        count_new_customers as n,
        is_complete,
        case when count_new_customers = 0 then 'no_denominator' end as null_reason
    from by_segment

)

select * from final
