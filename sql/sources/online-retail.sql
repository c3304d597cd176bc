with lines as (

    select
        *,
        starts_with(upper(InvoiceNo), 'C') as is_cancellation,
        try_cast(Quantity as bigint) as pieces,
        try_cast(UnitPrice as decimal(18, 4)) as price
    from source_rows

)

select
    ingest_id,
    case when is_cancellation then 'order_cancelled' else 'order_completed' end as event,
    InvoiceDate as occurred_at,
    regexp_replace(CustomerID, '\.0$', '') as user_id,
    'web' as channel,
    InvoiceNo as order_id,
    StockCode as product_id,
    case
        when is_cancellation and pieces is not null then cast(-pieces as varchar)
        else Quantity
    end as quantity,
    -- Where a factor is no number its text goes on, so that landing quarantines the row.
    coalesce(
        cast(cast(case when is_cancellation then -pieces else pieces end * price as decimal(18, 2)) as varchar),
        UnitPrice
    ) as amount,
    'GBP' as currency_code,
    Country as country,
    json_object('price', coalesce(to_json(price), to_json(UnitPrice))) as properties
from lines
