-- Trino's functions in DuckDB: created as temporary macros on a build connection, never in a database file.
-- Measured against a real Trino by test/athena/probes.athena.test.ts; what differs all the same is on the deny-list
-- (test/support/deny-list.ts), or in test/support/known-differences.ts where no pattern can see it.
create temp macro date_add(u, n, x) as
    x + case lower(u)
        when 'millisecond' then to_milliseconds(n)
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
create temp macro array_join(a, sep) as
    case when a is not null then coalesce(array_to_string(a, sep), '') end;
create temp macro sequence(a, b) as generate_series(a, b, case when a <= b then 1 else -1 end),
    (a, b, s) as generate_series(a, b, s);
create temp macro to_unixtime(t) as epoch(t);
create temp macro from_unixtime(n) as to_timestamp(n);
create temp macro json_extract_scalar(j, p) as
    case when json_type(j, p) in ('OBJECT', 'ARRAY') then null else json_extract_string(j, p) end;
-- Trino writes characters beyond the first 65536, such as emoji, as the two halves of UTF-16.
create temp macro json_format(j) as
    case
        when not regexp_matches(cast(j as varchar), '[\x{10000}-\x{10FFFF}]') then cast(j as varchar)
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
create temp macro regexp_extract(s, p) as
        case when regexp_matches(s, p) then system.main.regexp_extract(s, p) end,
    (s, p, g) as case when regexp_matches(s, p) then system.main.regexp_extract(s, p, g) end;
create temp macro with_timezone(t, z) as t at time zone z;
create temp macro day_of_week(d) as isodow(d);
create temp macro last_day_of_month(d) as last_day(d);
create temp macro element_at(c, k) as c[k];
create temp macro greatest(a, b) as
        case when a is null or b is null then null else system.main.greatest(a, b) end,
    (a, b, c) as
        case when a is null or b is null or c is null then null else system.main.greatest(a, b, c) end;
create temp macro least(a, b) as
        case when a is null or b is null then null else system.main.least(a, b) end,
    (a, b, c) as
        case when a is null or b is null or c is null then null else system.main.least(a, b, c) end;
create temp macro to_utf8(s) as encode(s);
create temp macro to_hex(b) as hex(b);
create temp macro md5(b) as unhex(system.main.md5(b));
create temp macro sha256(b) as unhex(system.main.sha256(b));
create temp macro concat(a, b) as a || b, (a, b, c) as a || b || c, (a, b, c, d) as a || b || c || d;
create temp macro substr(s, n) as
        case
            when n > 0 or (n < 0 and n >= -length(s)) then system.main.substr(s, n)
            when s is not null and n is not null then ''
        end,
    (s, n, l) as
        case
            when l > 0 and (n > 0 or (n < 0 and n >= -length(s))) then system.main.substr(s, n, l)
            when s is not null and n is not null and l is not null then ''
        end;
create temp macro split_part(s, sep, n) as string_split(s, sep)[n];
create temp macro count_if(c) as count(case when c then 1 end);
create temp macro max_by(x, y) as arg_max_null(x, y);
create temp macro min_by(x, y) as arg_min_null(x, y);
