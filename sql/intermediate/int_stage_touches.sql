-- One row per lifecycle, customer, interval in a stage and kind of touchpoint that rules see in it.
with

touchpoints as (

    select
        customer_id,
        event,
        coalesce(channel, 'unknown') as channel,
        occurred_at
    from int_touchpoints_seen
    where not is_derived

),

customer_keys as (

    select
        customer_id,
        customer_key
    from int_customer_keys

),

kinds as (

    select
        event,
        channel,
        kind_number
    from int_touchpoint_kinds

),

spans as (

    select
        lifecycle_number,
        customer_key,
        entered_at
    from int_stage_spans

),

first_entries as (

    select
        lifecycle_number,
        customer_key,
        min(entered_at) as first_entered_at
    from spans
    group by 1, 2

),

thin as (

    select
        customer_keys.customer_key,
        kinds.kind_number,
        touchpoints.occurred_at
    from touchpoints
    inner join customer_keys
        on touchpoints.customer_id = customer_keys.customer_id
    inner join kinds
        on touchpoints.event = kinds.event
        and touchpoints.channel = kinds.channel

),

instants as (

    -- what came before the first stage belongs to none
    select
        first_entries.lifecycle_number,
        thin.customer_key,
        thin.kind_number,
        thin.occurred_at,
        cast(null as timestamp) as entered_at
    from thin
    inner join first_entries
        on thin.customer_key = first_entries.customer_key
    where thin.occurred_at >= first_entries.first_entered_at
    union all
    select
        lifecycle_number,
        customer_key,
        cast(null as integer) as kind_number,
        entered_at as occurred_at,
        entered_at
    from spans

),

placed as (

    -- all of one instant are peers, so a stage entered at it is the touchpoint's own
    select
        lifecycle_number,
        customer_key,
        kind_number,
        max(entered_at) over (
            partition by lifecycle_number, customer_key
            order by occurred_at asc
            range between unbounded preceding and current row
        ) as entered_at
    from instants

),

final as (

    select
        lifecycle_number,
        customer_key,
        kind_number,
        count(*) as count_touchpoints,
        entered_at
    from placed
    where kind_number is not null
    group by 1, 2, 3, 5

)

select * from final
