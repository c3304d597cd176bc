-- One row per model of buying or spending, with what its fit found or why there is none.
with

value_model_parameters as (

    select
        model,
        is_used,
        time_unit,
        days_per_unit,
        r,
        alpha,
        a,
        b,
        p,
        q,
        gamma,
        count_customers,
        count_rows,
        log_likelihood,
        iterations,
        gradient_norm,
        has_converged,
        null_reason,
        value_correlation,
        holdout_days,
        holdout_orders,
        holdout_expected_orders,
        holdout_error,
        horizon_months,
        discount_rate
    from value_model_parameters

),

final as (

    select
        model,
        is_used,
        time_unit,
        days_per_unit,
        r,
        alpha,
        a,
        b,
        p,
        q,
        gamma,
        count_customers,
        count_rows,
        log_likelihood,
        iterations,
        gradient_norm,
        has_converged,
        null_reason,
        value_correlation,
        holdout_days,
        holdout_orders,
        holdout_expected_orders,
        holdout_error,
        horizon_months,
        discount_rate
    from value_model_parameters

)

select * from final
