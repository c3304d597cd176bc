-- One row per measure of advocacy and loyalty, grain (month, quarter) and period: persons of the active customers.
with

touchpoints as (

    select
        customer_id,
        event,
        occurred_at,
        properties
    from touchpoints
    where event in (
            'referral_sent', 'loyalty_joined', 'product_reviewed', 'business_reviewed', 'product_shared',
            'community_post_created', 'content_shared', 'brand_mentioned'
        )

),

parameters as (

    select as_of_at
    from run_parameters

),

customer_periods as (

    select
        customer_id,
        grain,
        period_start
    from int_customer_periods
    where grain in ('month', 'quarter')

),

periods as (

    select
        grain,
        period_start,
        starts_at,
        ends_at,
        is_complete
    from int_periods
    where grain in ('month', 'quarter')

),

shown as (

    select
        touchpoints.customer_id,
        touchpoints.occurred_at,
        case
            when touchpoints.event = 'referral_sent' then 'referral_rate'
            when touchpoints.event = 'loyalty_joined' then 'loyalty_member_share'
            else 'ugc_rate'
        end as measure
    from touchpoints
    cross join parameters
    where touchpoints.occurred_at < parameters.as_of_at
        and (
            touchpoints.event not in ('content_shared', 'brand_mentioned')
            or json_extract_scalar(touchpoints.properties, '$.user_generated') = 'true'
        )

),

members as (

    select
        customer_id,
        min(occurred_at) as joined_at
    from shown
    where measure = 'loyalty_member_share'
    group by 1

),

who_did as (

    -- of the active customers of the period, whoever did it in the period
    select distinct
        shown.measure,
        customer_periods.customer_id,
        customer_periods.grain,
        customer_periods.period_start
    from customer_periods
    inner join periods
        on customer_periods.grain = periods.grain
        and customer_periods.period_start = periods.period_start
    inner join shown
        on customer_periods.customer_id = shown.customer_id
        and shown.occurred_at >= periods.starts_at
        and shown.occurred_at < periods.ends_at
    where shown.measure <> 'loyalty_member_share'
    union all
    select
        'loyalty_member_share' as measure,
        customer_periods.customer_id,
        customer_periods.grain,
        customer_periods.period_start
    from customer_periods
    inner join periods
        on customer_periods.grain = periods.grain
        and customer_periods.period_start = periods.period_start
    inner join members
        on customer_periods.customer_id = members.customer_id
        and members.joined_at < periods.ends_at

),

parts as (

    select
        measure,
        grain,
        period_start,
        count(*) as count_persons
    from who_did
    group by 1, 2, 3

),

wholes as (

    select
        grain,
        period_start,
        count(*) as count_active
    from customer_periods
    group by 1, 2

),

first_periods as (

    select
        measure,
        grain,
        min(period_start) as first_start
    from parts
    group by 1, 2

),

final as (

    select
        first_periods.measure,
        periods.grain,
        periods.period_start,
        coalesce(parts.count_persons, 0) as count_persons,
        coalesce(wholes.count_active, 0) as count_active,
        periods.is_complete
    from first_periods
    inner join periods
        on first_periods.grain = periods.grain
        and first_periods.first_start <= periods.period_start
    left join parts
        on first_periods.measure = parts.measure
        and periods.grain = parts.grain
        and periods.period_start = parts.period_start
    left join wholes
        on periods.grain = wholes.grain
        and periods.period_start = wholes.period_start

)

select * from final
