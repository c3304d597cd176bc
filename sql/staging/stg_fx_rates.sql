-- One row per day and pair of currencies.
with

received as (

    select
        day,
        upper(from_currency_code) as from_currency_code,
        upper(to_currency_code) as to_currency_code,
        rate,
        row_number() over (
            partition by day, upper(from_currency_code), upper(to_currency_code)
            order by received_at asc, ingest_id asc
        ) as received_number
    from raw_fx_rates

),

final as (

    select
        day as rate_date,
        from_currency_code,
        to_currency_code,
        rate
    from received
    where received_number = 1

)

select * from final
