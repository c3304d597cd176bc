-- One row per grain (day, week, month), lifecycle, stage before, stage after, and periods between which it lasts.
with

span_days as (

    select
        lifecycle_number,
        customer_key,
        stage_rank,
        entered_date,
        left_date,
        entered_at
    from int_span_days

),

day_periods as (

    select
        calendar_date,
        grain,
        period_index
    from int_day_periods
    where grain in ('day', 'week', 'month')

),

parameters as (

    select as_of_date
    from run_parameters

),

indexes as (

    select
        calendar_date,
        max(case when grain = 'day' then period_index end) as day_index,
        max(case when grain = 'week' then period_index end) as week_index,
        max(case when grain = 'month' then period_index end) as month_index
    from day_periods
    group by 1

),

last_indexes as (

    select
        indexes.day_index,
        indexes.week_index,
        indexes.month_index
    from indexes
    inner join parameters
        on indexes.calendar_date = parameters.as_of_date

),

placed as (

    -- *_until: the first period whose end no longer finds the customer there
    select
        span_days.lifecycle_number,
        span_days.customer_key,
        span_days.stage_rank,
        entries.day_index as day_from,
        entries.week_index as week_from,
        entries.month_index as month_from,
        coalesce(exits.day_index, last_indexes.day_index + 1) as day_until,
        coalesce(exits.week_index, last_indexes.week_index + 1) as week_until,
        coalesce(exits.month_index, last_indexes.month_index + 1) as month_until,

        -- the instant and the rank in one number: the latest of several is their greatest
        date_diff('millisecond', timestamp '1970-01-01 00:00:00', span_days.entered_at) * 32
        + span_days.stage_rank as entry_code,
        span_days.entered_at
    from span_days
    inner join indexes as entries
        on span_days.entered_date = entries.calendar_date
    left join indexes as exits
        on span_days.left_date = exits.calendar_date
    cross join last_indexes

),

after_previous as (

    select
        *,
        max(case when day_from < day_until then entry_code end) over (
            partition by lifecycle_number, customer_key
            order by entered_at asc
            rows between unbounded preceding and 1 preceding
        ) as previous_day_code,
        max(case when week_from < week_until then entry_code end) over (
            partition by lifecycle_number, customer_key
            order by entered_at asc
            rows between unbounded preceding and 1 preceding
        ) as previous_week_code,
        max(case when month_from < month_until then entry_code end) over (
            partition by lifecycle_number, customer_key
            order by entered_at asc
            rows between unbounded preceding and 1 preceding
        ) as previous_month_code
    from placed

),

final as (

    select
        'day' as grain,
        lifecycle_number,
        cast(previous_day_code % 32 as integer) as from_rank,
        stage_rank as to_rank,
        day_from as first_index,
        day_until as until_index,
        count(*) as count_customers
    from after_previous
    where day_from < day_until
    group by 2, 3, 4, 5, 6
    union all
    select
        'week' as grain,
        lifecycle_number,
        cast(previous_week_code % 32 as integer) as from_rank,
        stage_rank as to_rank,
        week_from as first_index,
        week_until as until_index,
        count(*) as count_customers
    from after_previous
    where week_from < week_until
    group by 2, 3, 4, 5, 6
    union all
    select
        'month' as grain,
        lifecycle_number,
        cast(previous_month_code % 32 as integer) as from_rank,
        stage_rank as to_rank,
        month_from as first_index,
        month_until as until_index,
        count(*) as count_customers
    from after_previous
    where month_from < month_until
    group by 2, 3, 4, 5, 6

)

select * from final
