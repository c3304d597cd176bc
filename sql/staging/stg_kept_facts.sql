-- One row per kept fact row: the one that was received first.
with

all_facts as (

    select 'spend' as relation, fact_id, ingest_id, received_at from raw_spend
    union all
    select 'products' as relation, fact_id, ingest_id, received_at from raw_products
    union all
    select 'plans' as relation, fact_id, ingest_id, received_at from raw_plans
    union all
    select 'fx_rates' as relation, fact_id, ingest_id, received_at from raw_fx_rates
    union all
    select 'audience_measures' as relation, fact_id, ingest_id, received_at from raw_audience_measures
    union all
    select 'sla_targets' as relation, fact_id, ingest_id, received_at from raw_sla_targets
    union all
    select 'ticket_updates' as relation, fact_id, ingest_id, received_at from raw_ticket_updates
    union all
    select 'help_desk_users' as relation, fact_id, ingest_id, received_at from raw_help_desk_users

),

ranked as (

    select
        relation,
        fact_id,
        ingest_id,
        row_number() over (
            partition by relation, fact_id
            order by received_at asc, ingest_id asc
        ) as received_number
    from all_facts

),

final as (

    select
        relation,
        fact_id,
        ingest_id
    from ranked
    where received_number = 1

)

select * from final
