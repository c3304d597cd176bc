-- One row per lifecycle, customer and interval in a ranked stage, with the first later entry into a higher one.
with

spans as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        entered_at,
        left_at
    from int_stage_spans

),

followed as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        entered_at,
        left_at,
        lead(stage_rank) over (
            partition by lifecycle_number, customer_key
            order by entered_at asc
        ) as next_rank,
        max(stage_rank) over (
            partition by lifecycle_number, customer_key
            order by entered_at asc
            rows between 1 following and unbounded following
        ) as highest_later_rank
    from spans

),

questions as (

    -- who goes down first and up later: whoever goes up at once is answered by the next interval
    select
        lifecycle_number,
        customer_key,
        stage_rank,
        entered_at
    from followed
    where stage_rank > 0
        and next_rank < stage_rank
        and highest_later_rank > stage_rank

),

asked_ranks as (

    select distinct
        lifecycle_number,
        customer_key,
        stage_rank
    from questions

),

entries as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        entered_at,
        cast(null as timestamp) as answered_at
    from questions
    union all
    select
        asked_ranks.lifecycle_number,
        asked_ranks.customer_key,
        asked_ranks.stage_rank,
        spans.entered_at,
        spans.entered_at as answered_at
    from asked_ranks
    inner join spans
        on asked_ranks.lifecycle_number = spans.lifecycle_number
        and asked_ranks.customer_key = spans.customer_key
    where spans.stage_rank > asked_ranks.stage_rank

),

answers as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        entered_at,
        answered_at,
        min(answered_at) over (
            partition by lifecycle_number, customer_key, stage_rank
            order by entered_at asc
            rows between current row and unbounded following
        ) as next_answer_at
    from entries

),

answered as (

    select
        lifecycle_number,
        customer_key,
        entered_at,
        next_answer_at
    from answers
    where answered_at is null

),

final as (

    select
        followed.lifecycle_number,
        followed.customer_key,
        followed.stage_rank,
        followed.entered_at,
        followed.left_at,
        case when followed.next_rank > followed.stage_rank then followed.left_at else answered.next_answer_at end as advanced_at
    from followed
    left join answered
        on followed.lifecycle_number = answered.lifecycle_number
        and followed.customer_key = answered.customer_key
        and followed.entered_at = answered.entered_at
    where followed.stage_rank > 0

)

select * from final
