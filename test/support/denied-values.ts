import { type Denial, inParentheses } from './denial.ts';
import { scanSql } from './sql-text.ts';

export const deniedValues: readonly Denial[] = [
  {
    name: 'a divisor that may be zero',
    reason: 'DuckDB gives infinity or null, Trino an error.',
    instead: 'nullif(b, 0)',
    pattern: /[/%]\s*(?!\s|nullif\s*\(|cast\s*\(\s*(?:nullif\s*\(|\d)|\d)/,
    example: 'select a / b from t',
    allowed: 'select cast(a as double) / nullif(b, 0), c / 2 from t',
  },
  {
    name: 'avg of what is not double',
    reason: 'Trino keeps the scale of a decimal, DuckDB gives a double.',
    instead: 'avg(cast(a as double))',
    pattern: new RegExp(String.raw`\bavg\s*\((?!\s*cast\s*\(${inParentheses}\bas\s+double\s*\))`),
    example: 'select avg(amount) from t',
    allowed: 'select avg(cast(coalesce(amount, 0) as double)) from t',
  },
  {
    name: 'an uncast date_trunc or date_add',
    reason: 'On a date DuckDB gives a timestamp, Trino a date.',
    instead: "cast(date_trunc('month', d) as date)",
    pattern: /(?<!\bcast\s*\(\s*)\b(date_trunc|date_add)\s*\(/,
    example: "select date_trunc('month', d) from t",
    allowed: "select cast(date_trunc('month', d) as date) from t",
  },
  {
    name: 'arithmetic on dates',
    reason:
      'A date plus an interval is a timestamp in DuckDB; a date less a date is a number there, an interval in Trino.',
    instead: "cast(date_add('day', n, d) as date), date_diff('day', a, b)",
    pattern:
      /(?:_date|_start|\bdate\s*'')\s*[+-]\s*(?:interval\b|\d|(?:\w+\.)?\w*(?:_date|_start)\b|date\s*'')/,
    example: "select spend_date + interval '1' day from t",
    allowed: "select occurred_at + interval '1' hour, count_date_rows - 1 from t",
  },
  {
    name: 'at time zone on a time without a zone',
    reason: 'The two engines do opposite things.',
    instead: "with_timezone(t, 'UTC') at time zone z; local days come from calendar_days",
    pattern: /(?<!\bwith_timezone\s*\([^()]*\)\s*)\bat\s+time\s+zone\b/,
    example: "select occurred_at at time zone 'UTC' from t",
    allowed: "select cast(with_timezone(a, 'UTC') at time zone 'Europe/Istanbul' as date) from t",
  },
  {
    name: 'times and rates as text',
    reason: 'Each engine writes them in its own way.',
    instead: 'milliseconds since 1970 as bigint; the value itself',
    pattern: /\bcast\s*\(\s*(\w+\.)?\w*(_at|_rate|_amount)\s+as\s+varchar/,
    example: 'select cast(t.occurred_at as varchar) from t',
    allowed: "select cast(date_diff('millisecond', a, occurred_at) as varchar) from t",
  },
  {
    name: 'an order inside a subquery without a limit',
    reason: 'It says nothing, and engines drop it.',
    instead: 'order at the end',
    pattern: (sql) =>
      scanSql(sql).subqueries.find((query) => /\border\s+by\b/.test(query) && !/\blimit\b/.test(query)),
    example: 'with a as (select b from t order by b) select * from a',
    allowed: 'with a as (select row_number() over (order by b) as n from t) select * from a',
  },
  {
    name: 'select * from an imported relation',
    reason: 'A column added upstream would change the model; the reader should see what it reads.',
    instead: 'an import CTE that lists its columns',
    pattern: (sql) => scanSql(sql).starredImports[0],
    example: 'with t as (select * from t) select * from t',
    allowed: 'with t as (select a from t), u as (select *, 1 as b from t) select * from u',
  },
];
