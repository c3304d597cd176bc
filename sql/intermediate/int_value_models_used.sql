-- One row per run: the parameters that customers are scored by, side by side, or why there are none.
with

value_model_parameters as (

    select
        model,
        is_used,
        days_per_unit,
        r,
        alpha,
        a,
        b,
        p,
        q,
        gamma,
        null_reason
    from value_model_parameters

),

settings as (

    select
        model,
        time_unit,
        horizon_months
    from value_settings

),

margins as (

    select
        is_known,
        margin_share
    from int_order_margins

),

chosen as (

    select
        max(settings.model) as chosen_model,
        max(settings.time_unit) as time_unit,
        max(settings.horizon_months) as horizon_months,
        max(value_model_parameters.days_per_unit) as days_per_unit,
        max(case when value_model_parameters.model = settings.model and is_used then settings.model end) as model,
        max(case when value_model_parameters.model = settings.model and is_used then r end) as r,
        max(case when value_model_parameters.model = settings.model and is_used then alpha end) as alpha,
        max(case when value_model_parameters.model = settings.model and is_used then a end) as a,
        max(case when value_model_parameters.model = settings.model and is_used then b end) as b,
        max(case when is_used then p end) as p,
        max(case when is_used then q end) as q,
        max(case when is_used then gamma end) as gamma,
        max(case when value_model_parameters.model = settings.model then null_reason end) as purchase_reason,
        max(case when value_model_parameters.model = 'gamma_gamma' then null_reason end) as spend_reason
    from value_model_parameters
    cross join settings

),

final as (

    -- BG/NBD gives a chance of leaving after each repeat purchase, MBG/NBD after the first one too
    select
        chosen.model,
        chosen.time_unit,
        chosen.days_per_unit,
        chosen.horizon_months,
        chosen.r,
        chosen.alpha,
        chosen.a,
        chosen.b,
        chosen.p,
        chosen.q,
        chosen.gamma,
        case when chosen.model = 'bg_nbd' then 0 else 1 end as first_chances,
        case when margins.is_known then 'margin' else 'revenue' end as value_basis,
        coalesce(margins.margin_share, cast(1 as double)) as margin_share,
        chosen.purchase_reason,
        coalesce(chosen.purchase_reason, chosen.spend_reason) as null_reason
    from chosen
    cross join margins

)

select * from final
