-- One row per reply or change of a ticket that a help desk's tables tell, as it was received first.
with

received as (

    select
        fact_id,
        ticket_id,
        event,
        author_id,
        value,
        is_public,
        occurred_at,
        row_number() over (
            partition by fact_id
            order by received_at asc, ingest_id asc
        ) as received_number
    from raw_ticket_updates

),

final as (

    select
        fact_id,
        ticket_id,
        event,
        author_id,
        value,
        is_public,
        occurred_at
    from received
    where received_number = 1

)

select * from final
