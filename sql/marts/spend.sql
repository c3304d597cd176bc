-- One row per spend row, as the source's key tells them apart.
with

received as (

    select
        fact_id,
        marketing_channel,
        campaign_source,
        campaign_medium,
        campaign_name,
        ad_group,
        objective_stage,
        cost_type,
        currency_code,
        impressions,
        clicks,
        amount,
        planned_amount,
        day,
        row_number() over (
            partition by fact_id
            order by received_at asc, ingest_id asc
        ) as received_number
    from raw_spend

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

final as (

    select
        received.fact_id,
        received.day as spend_date,
        received.marketing_channel,
        received.campaign_source,
        received.campaign_medium,
        received.campaign_name,
        received.ad_group,
        received.objective_stage,
        received.cost_type,
        case
            when received.currency_code = parameters.reporting_currency then received.amount

            -- the amount made wider: a product of two decimals(18) may have no more than 18 digits in DuckDB
            else cast(cast(received.amount as decimal(20, 2)) * rates.rate as decimal(18, 2))
        end as spend_amount,
        parameters.reporting_currency as currency_code,
        received.amount as original_amount,
        received.currency_code as original_currency_code,
        received.impressions as count_impressions,
        received.clicks as count_clicks,
        received.planned_amount
    from received
    cross join parameters
    left join rates
        on received.day = rates.rate_date
        and received.currency_code = rates.from_currency_code
        and parameters.reporting_currency = rates.to_currency_code
    where received.received_number = 1

)

select * from final
