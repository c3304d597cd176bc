-- One row per customer with a touchpoint before the as-of instant, with a small number for the joins of a run.
with

customers as (

    select customer_id
    from customers

),

final as (

    select
        customer_id,
        cast(row_number() over (order by customer_id asc) as integer) as customer_key
    from customers

)

select * from final
