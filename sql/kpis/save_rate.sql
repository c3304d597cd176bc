-- One row per grain (month, quarter, year) and period.
with

renewals as (

    select
        grain,
        period_start,
        count_offers,
        count_saved,
        are_offers_complete
    from int_renewals_by_period

),

final as (

    select
        grain,
        period_start,
        'all' as segment_type,
        'all' as segment_value,
        cast(count_saved as double) / nullif(cast(count_offers as double), 0) as value,
        cast(count_saved as double) as numerator,
        cast(count_offers as double) as denominator,
        count_offers as n,
        are_offers_complete as is_complete,
        case when count_offers = 0 then 'no_denominator' end as null_reason
    from renewals

)

select * from final
