-- One row per local day of the calendar.
with

calendar_days as (

    select calendar_date
    from calendar_days

),

business_days as (

    select
        calendar_date,
        is_half_day,
        opens_at,
        closes_at
    from business_days

),

public_holidays as (

    select
        holiday_date,
        holiday,
        day_number,
        label_tr,
        label_en,
        is_half_day
    from public_holidays

),

special_days as (

    select
        special_day,
        starts_on,
        ends_on
    from special_days

),

holidays_by_day as (

    -- two holidays can meet on one day
    select
        holiday_date,
        array_join(array_agg(holiday order by holiday asc), ', ') as holiday,
        array_join(array_agg(label_tr order by holiday asc), ', ') as holiday_tr,
        array_join(array_agg(label_en order by holiday asc), ', ') as holiday_en,
        count(case when not is_half_day then 1 end) = 0 as is_half_day
    from public_holidays
    group by 1

),

specials_by_day as (

    select
        calendar_days.calendar_date,
        array_join(array_agg(special_days.special_day order by special_days.special_day asc), ', ') as special_day
    from calendar_days
    inner join special_days
        on calendar_days.calendar_date between special_days.starts_on and special_days.ends_on
    group by 1

),

feasts as (

    -- the feast before it is 354 or 355 days ago
    select
        holiday_date as first_date,
        lag(holiday_date) over (partition by holiday order by holiday_date asc) as first_date_before
    from public_holidays
    where day_number = 1

),

feast_days as (

    -- from the first day of Ramazan, or a month before Kurban Bayramı, to a week after the feast began
    select
        calendar_days.calendar_date,
        date_diff('day', feasts.first_date, calendar_days.calendar_date) as days_from_feast,
        date_diff('day', feasts.first_date_before, feasts.first_date) as days_between
    from calendar_days
    inner join feasts
        on date_diff('day', feasts.first_date, calendar_days.calendar_date) between -30 and 6

),

final as (

    select
        calendar_days.calendar_date,
        holidays_by_day.holiday,
        holidays_by_day.holiday_tr,
        holidays_by_day.holiday_en,
        specials_by_day.special_day,
        coalesce(date_diff('second', business_days.opens_at, business_days.closes_at), 0) / 60 as business_minutes,
        feast_days.days_from_feast,
        coalesce(not holidays_by_day.is_half_day, false) as is_public_holiday,
        coalesce(holidays_by_day.is_half_day, false) as is_half_day,
        cast(date_add('year', -1, calendar_days.calendar_date) as date) as same_date_last_year,
        cast(date_add('day', -feast_days.days_between, calendar_days.calendar_date) as date) as same_feast_day_last_year
    from calendar_days
    left join business_days
        on calendar_days.calendar_date = business_days.calendar_date
    left join holidays_by_day
        on calendar_days.calendar_date = holidays_by_day.holiday_date
    left join specials_by_day
        on calendar_days.calendar_date = specials_by_day.calendar_date
    left join feast_days
        on calendar_days.calendar_date = feast_days.calendar_date

)

select * from final
