-- One row per touchpoint with an amount in another currency, in the reporting one.
with

touchpoints as (

    select
        touchpoint_id,
        currency_code,
        amount,
        occurred_at
    from stg_touchpoints
    where amount is not null
        and kind = 'touchpoint'

),

parameters as (

    select reporting_currency
    from run_parameters

),

rates as (

    select
        rate_date,
        from_currency_code,
        to_currency_code,
        rate
    from stg_fx_rates

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

foreign_amounts as (

    -- own-currency amounts need neither a day nor a rate
    select
        touchpoints.touchpoint_id,
        touchpoints.currency_code,
        touchpoints.amount,
        cast(floor(to_unixtime(touchpoints.occurred_at) / 900) as bigint) as slot
    from touchpoints
    cross join parameters
    where touchpoints.currency_code <> parameters.reporting_currency

),

final as (

    select
        foreign_amounts.touchpoint_id,
        foreign_amounts.currency_code,
        local_slots.local_date,

        -- the amount made wider: a product of two decimals(18) may have no more than 18 digits in DuckDB
        cast(cast(foreign_amounts.amount as decimal(20, 2)) * rates.rate as decimal(18, 2)) as reporting_amount
    from foreign_amounts
    inner join local_slots
        on foreign_amounts.slot = local_slots.slot
    cross join parameters
    left join rates
        on foreign_amounts.currency_code = rates.from_currency_code
        and parameters.reporting_currency = rates.to_currency_code
        and local_slots.local_date = rates.rate_date

)

select * from final
