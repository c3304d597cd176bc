-- One row per customer with an order that counts.
with

summaries as (

    select
        customer_id,
        frequency,
        recency_days,
        age_days,
        repeat_amount
    from int_purchase_summaries

),

models as (

    select
        model,
        time_unit,
        days_per_unit,
        horizon_months,
        r,
        alpha,
        a,
        b,
        p,
        q,
        gamma,
        first_chances,
        value_basis,
        margin_share,
        null_reason
    from int_value_models_used

),

expectations as (

    select
        frequency,
        age_days,
        alive_orders,
        alive_discounted_orders
    from value_model_expectations

),

parameters as (

    select reporting_currency
    from run_parameters

),

measured as (

    -- chances of leaving so far: one after each purchase, in BG/NBD none after the first
    select
        summaries.customer_id,
        summaries.frequency,
        summaries.frequency + models.first_chances as chances,
        cast(summaries.recency_days as double) / nullif(models.days_per_unit, 0) as recency,
        cast(summaries.age_days as double) / nullif(models.days_per_unit, 0) as customer_age,
        cast(summaries.repeat_amount as double) as repeat_amount,
        expectations.alive_orders,
        expectations.alive_discounted_orders
    from summaries
    cross join models
    left join expectations
        on summaries.frequency = expectations.frequency
        and summaries.age_days = expectations.age_days

),

scored as (

    select
        measured.*,
        case
            when measured.chances = 0 and models.r is not null then cast(1 as double)
            else 1 / nullif(
                1 + models.a / nullif(models.b + measured.chances - 1, 0)
                    * power(
                        (models.alpha + measured.customer_age)
                            / nullif(models.alpha + measured.recency, 0),
                        models.r + measured.frequency
                    ),
                0
            )
        end as alive_probability,
        models.p * (models.gamma + greatest(measured.repeat_amount, cast(0 as double)))
            / nullif(models.p * measured.frequency + models.q - 1, 0) as expected_value
    from measured
    cross join models

),

final as (

    select
        scored.customer_id,
        scored.frequency,
        round(scored.recency, 6) as recency,
        round(scored.customer_age, 6) as customer_age,
        round(scored.repeat_amount / nullif(cast(scored.frequency as double), 0), 6) as monetary_value,
        round(scored.alive_probability, 6) as alive_probability,
        round(scored.alive_probability * scored.alive_orders, 6) as expected_orders,
        cast(scored.expected_value as decimal(18, 2)) as expected_value,
        cast(
            scored.alive_probability * scored.alive_discounted_orders
            * scored.expected_value * models.margin_share
            as decimal(18, 2)
        ) as clv_amount,
        parameters.reporting_currency as currency_code,
        models.horizon_months,
        models.model,
        models.time_unit,
        models.value_basis,
        models.null_reason
    from scored
    cross join models
    cross join parameters

)

select * from final
