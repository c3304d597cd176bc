-- One row per subscription and month at whose end, or at the as-of instant, it is held.
with

changes as (

    select
        subscription_id,
        customer_id,
        currency_code,
        held_amount,
        paid_amount,
        changed_at,
        until_at
    from int_subscription_changes
    where held_amount > 0

),

parameters as (

    select
        as_of_at,
        as_of_date,
        reporting_currency
    from run_parameters

),

months as (

    select
        int_periods.period_start as month_start,
        int_periods.period_index as month_index,
        case when int_periods.is_complete then int_periods.ends_at else parameters.as_of_at end as closes_at,
        case
            when int_periods.is_complete
                then cast(date_add('day', -1, cast(date_add('month', 1, int_periods.period_start) as date)) as date)
            else parameters.as_of_date
        end as rate_date
    from int_periods
    cross join parameters
    where int_periods.grain = 'month'

),

rates as (

    select
        rate_date,
        from_currency_code,
        to_currency_code,
        rate
    from stg_fx_rates

),

held as (

    -- as it was just before the month ended
    select
        changes.subscription_id,
        changes.customer_id,
        months.month_start,
        months.month_index,
        changes.currency_code,
        changes.held_amount,
        changes.paid_amount
    from changes
    inner join months
        on changes.changed_at < months.closes_at
        and coalesce(changes.until_at >= months.closes_at, true)

),

spans as (

    select
        currency_code,
        min(month_index) as first_index,
        max(month_index) as last_index
    from held
    group by 1

),

month_rates as (

    select
        spans.currency_code,
        months.month_index,
        case when spans.currency_code = parameters.reporting_currency then 1 else rates.rate end as rate
    from spans
    cross join parameters
    inner join months
        on months.month_index between spans.first_index and spans.last_index
    left join rates
        on spans.currency_code = rates.from_currency_code
        and parameters.reporting_currency = rates.to_currency_code
        and months.rate_date = rates.rate_date

),

paired_rates as (

    -- before a currency's first month there is nothing to compare with
    select
        currency_code,
        month_index,
        cast(rate as decimal(18, 8)) as rate,
        cast(lag(rate, 1, rate) over (partition by currency_code order by month_index asc) as decimal(18, 8)) as rate_before
    from month_rates

),

final as (

    -- the amount made wider: a product of two decimals(18) may have no more than 18 digits in DuckDB
    select
        held.subscription_id,
        held.customer_id,
        held.month_start,
        held.month_index,
        held.currency_code,
        held.held_amount,
        held.paid_amount,
        paired_rates.rate,
        paired_rates.rate_before,
        cast(cast(held.paid_amount as decimal(20, 2)) * paired_rates.rate as decimal(18, 2)) as mrr,
        cast(cast(held.paid_amount as decimal(20, 2)) * paired_rates.rate_before as decimal(18, 2)) as mrr_at_rate_before
    from held
    inner join paired_rates
        on held.currency_code = paired_rates.currency_code
        and held.month_index = paired_rates.month_index

)

select * from final
