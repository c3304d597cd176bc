-- One row per run: which share of the revenue of order lines of known cost is margin, and whether they are enough to say so.
with

touchpoints as (

    select
        product_id,
        quantity,
        reporting_amount,
        cast(floor(to_unixtime(occurred_at) / 900) as bigint) as slot
    from touchpoints
    cross join run_parameters
    where event = 'order_completed'
        and reporting_amount > 0
        and occurred_at < run_parameters.as_of_at

),

local_slots as (

    select
        slot,
        local_date
    from int_local_slots

),

lines as (

    select
        touchpoints.product_id,
        touchpoints.quantity,
        touchpoints.reporting_amount,
        local_slots.local_date
    from touchpoints
    inner join local_slots
        on touchpoints.slot = local_slots.slot

),

versions as (

    select
        raw_products.product_id,
        raw_products.valid_from,
        raw_products.unit_cost,
        row_number() over (
            partition by raw_products.product_id, raw_products.valid_from
            order by raw_products.received_at asc, raw_products.ingest_id asc
        ) as received_number
    from raw_products
    inner join run_parameters
        on raw_products.currency_code = run_parameters.reporting_currency
    where raw_products.unit_cost is not null

),

costs as (

    select
        product_id,
        unit_cost,
        valid_from,
        lead(valid_from) over (partition by product_id order by valid_from asc) as valid_to
    from versions
    where received_number = 1

),

summed as (

    select
        cast(sum(lines.reporting_amount) as double) as revenue,
        cast(sum(case when costs.unit_cost is not null then lines.reporting_amount end) as double)
            as known_revenue,
        cast(sum(costs.unit_cost * coalesce(lines.quantity, 1)) as double) as known_cost
    from lines
    left join costs
        on lines.product_id = costs.product_id
        and lines.local_date >= costs.valid_from
        and lines.local_date < coalesce(costs.valid_to, date '9999-12-31')

),

final as (

    -- a share that four fifths of the revenue do not speak for is nobody's margin
    select
        coalesce(known_revenue >= 0.8 * revenue, false) as is_known,
        known_revenue / nullif(revenue, 0) as known_share,
        case
            when known_revenue >= 0.8 * revenue then 1 - known_cost / nullif(known_revenue, 0)
        end as margin_share
    from summed

)

select * from final
