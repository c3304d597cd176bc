-- One row per grain (month, quarter) and period from the first invitation to the as-of period.
with

invitations as (

    select
        grain,
        period_start,
        part as count_converted,
        is_complete
    from int_measured_periods
    where measure = 'referral_success_rate'
        and grain in ('month', 'quarter')

),

active as (

    select
        grain,
        period_start,
        count(*) as count_active
    from int_customer_periods
    where grain in ('month', 'quarter')
    group by 1, 2

),

final as (

    -- invitations per active customer × their success: the invitations cancel out
    select
        invitations.grain,
        invitations.period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(invitations.count_converted as double) / nullif(cast(active.count_active as double), 0) as value,
        cast(invitations.count_converted as double) as numerator,
        cast(coalesce(active.count_active, 0) as double) as denominator,
        coalesce(active.count_active, 0) as n,
        invitations.is_complete,
        case when active.count_active is null then 'no_denominator' end as null_reason
    from invitations
    left join active
        on invitations.grain = active.grain
        and invitations.period_start = active.period_start

)

select * from final
