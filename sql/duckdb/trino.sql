-- Trino's functions in DuckDB: created as temporary macros on a build connection, never in a database file.
-- Measured against a real Trino; what differs all the same is on the deny-list of test/sql/deny-list.ts.
create temp macro date_add(u, n, x) as
    x + case lower(u)
        when 'second' then to_seconds(n)
        when 'minute' then to_minutes(n)
        when 'hour' then to_hours(n)
        when 'day' then to_days(n::integer)
        when 'week' then to_weeks(n::integer)
        when 'month' then to_months(n::integer)
        when 'quarter' then to_months((3 * n)::integer)
        when 'year' then to_years(n::integer)
        else error('date_add: unit ' || u)
    end;
create temp macro date_diff(u, a, b) as date_sub(u, a, b);
create temp macro cardinality(a) as len(a);
create temp macro array_join(a, sep) as array_to_string(a, sep);
create temp macro sequence(a, b) as generate_series(a, b), (a, b, s) as generate_series(a, b, s);
create temp macro to_unixtime(t) as epoch(t);
create temp macro from_unixtime(n) as to_timestamp(n);
create temp macro json_extract_scalar(j, p) as
    case when json_type(j, p) in ('OBJECT', 'ARRAY') then null else json_extract_string(j, p) end;
-- Trino writes characters beyond the first 65536, such as emoji, as the two halves of UTF-16.
create temp macro json_format(j) as
    case
        when strlen(cast(j as varchar)) = length(cast(j as varchar)) then cast(j as varchar)
        else array_to_string(
            list_transform(
                regexp_extract_all(cast(j as varchar), '(?s).'),
                lambda c: case
                    when unicode(c) < 65536 then c
                    else printf(
                        '\u%04X\u%04X',
                        55296 + (unicode(c) - 65536) // 1024,
                        56320 + (unicode(c) - 65536) % 1024
                    )
                end
            ),
            ''
        )
    end;
create temp macro regexp_like(s, p) as regexp_matches(s, p);
create temp macro with_timezone(t, z) as t at time zone z;
create temp macro day_of_week(d) as isodow(d);
create temp macro last_day_of_month(d) as last_day(d);
create temp macro element_at(c, k) as c[k];
create temp macro greatest(a, b) as
    case when a is null or b is null then null else system.main.greatest(a, b) end;
create temp macro least(a, b) as case when a is null or b is null then null else system.main.least(a, b) end;
create temp macro to_utf8(s) as encode(s);
create temp macro to_hex(b) as hex(b);
create temp macro md5(b) as unhex(system.main.md5(b));
create temp macro concat(a, b) as a || b;
