import { type Denial, inParentheses } from './denial.ts';
import { scanSql } from './sql-text.ts';

/** The argument of each cast to one of the types, however deep the cast stands. */
function castArguments(sql: string, types: string): readonly string[] {
  const casts = new RegExp(String.raw`\bcast\s*(?=\((${inParentheses})\bas\s+(?:${types})\s*\))`, 'g');
  return [...sql.matchAll(casts)].map((found) => found[1] ?? '');
}

/** The arguments of each call of a function, however deep it stands. */
function argumentsOf(sql: string, name: string): readonly string[] {
  const calls = new RegExp(String.raw`\b${name}\s*(?=\((${inParentheses})\))`, 'g');
  return [...sql.matchAll(calls)].map((found) => found[1] ?? '');
}

const isDouble = (argument: string): boolean =>
  /\bas\s+double\s*\)|\bto_unixtime\s*\(/.test(argument) &&
  !/^\s*(?:floor|ceil|ceiling|round)\s*\(/.test(argument);

export const deniedValues: readonly Denial[] = [
  {
    kind: 'difference',
    name: 'a divisor that may be zero',
    reason: 'DuckDB gives null, Trino an error, and of doubles infinity.',
    instead: 'nullif(b, 0)',
    pattern: /[/%]\s*(?!\s|nullif\s*\(|cast\s*\(\s*(?:nullif\s*\(|\d)|\d)/,
    example: 'select a / b from t',
    allowed: 'select cast(a as double) / nullif(b, 0), c / 2 from t',
    differs: [
      'select 1 / x as a from (values (0)) as t (x)',
      'select 1 % x as a from (values (0)) as t (x)',
      'select 1.5 / x as a from (values (0)) as t (x)',
      'select 1e0 / x as a from (values (0)) as t (x)',
    ],
  },
  {
    kind: 'difference',
    name: 'avg of what is not double',
    reason: 'Trino keeps the scale of a decimal, DuckDB gives a double.',
    instead: 'avg(cast(a as double))',
    pattern: new RegExp(String.raw`\bavg\s*\((?!\s*cast\s*\(${inParentheses}\bas\s+double\s*\))`),
    example: 'select avg(amount) from t',
    allowed: 'select avg(cast(coalesce(amount, 0) as double)) from t',
    differs: [
      'select avg(x) as a from (values (cast(1.10 as decimal(18, 2))), (cast(1.15 as decimal(18, 2)))) as t (x)',
    ],
  },
  {
    kind: 'difference',
    name: 'an uncast date_trunc or date_add',
    reason: 'On a date DuckDB gives a timestamp, Trino a date.',
    instead: "cast(date_trunc('month', d) as date)",
    pattern: /(?<!\bcast\s*\(\s*)\b(date_trunc|date_add)\s*\(/,
    example: "select date_trunc('month', d) from t",
    allowed: "select cast(date_trunc('month', d) as date) from t",
    differs: [
      "select date_trunc('month', date '2024-02-29') as a",
      "select date_add('day', 1, date '2024-02-29') as a",
    ],
  },
  {
    kind: 'difference',
    name: 'arithmetic on dates',
    reason:
      'A date plus an interval is a timestamp in DuckDB; a date less a date is a number there, an interval in Trino.',
    instead: "cast(date_add('day', n, d) as date), date_diff('day', a, b)",
    pattern:
      /(?:_date|_start|\bdate\s*'')\s*[+-]\s*(?:interval\b|\d|(?:\w+\.)?\w*(?:_date|_start)\b|date\s*'')/,
    example: "select spend_date + interval '1' day from t",
    allowed: "select occurred_at + interval '1' hour, count_date_rows - 1 from t",
    differs: [
      "select date '2024-01-31' + interval '1' day as a",
      "select date '2024-01-31' + 1 as a",
      "select date '2024-02-01' - date '2024-01-31' as a",
    ],
  },
  {
    kind: 'difference',
    name: 'at time zone on a time without a zone',
    reason: 'The two engines do opposite things.',
    instead: "with_timezone(t, 'UTC') at time zone z; local days come from calendar_days",
    pattern: /(?<!\bwith_timezone\s*\([^()]*\)\s*)\bat\s+time\s+zone\b/,
    example: "select occurred_at at time zone 'UTC' from t",
    allowed: "select cast(with_timezone(a, 'UTC') at time zone 'Europe/Istanbul' as date) from t",
    differs: [
      "select cast(timestamp '2024-01-01 00:00:00' at time zone 'Europe/Istanbul' as timestamp) as a",
    ],
  },
  {
    kind: 'difference',
    name: 'times and rates as text',
    reason: 'Each engine writes them in its own way.',
    instead: 'milliseconds since 1970 as bigint; the value itself',
    pattern: /\bcast\s*\(\s*(\w+\.)?\w*(_at|_rate|_amount)\s+as\s+varchar/,
    example: 'select cast(t.occurred_at as varchar) from t',
    allowed: "select cast(date_diff('millisecond', a, occurred_at) as varchar) from t",
    differs: [
      "select cast(ordered_at as varchar) as a from (values (timestamp '2024-01-01 10:00:00.500')) as t (ordered_at)",
      'select cast(open_rate as varchar) as a from (values (1.5e0)) as t (open_rate)',
    ],
  },
  {
    kind: 'rule',
    name: 'an order inside a subquery without a limit',
    reason: 'It says nothing, and engines drop it.',
    instead: 'order at the end',
    pattern: (sql) =>
      scanSql(sql).subqueries.find((query) => /\border\s+by\b/.test(query) && !/\blimit\b/.test(query)),
    example: 'with a as (select b from t order by b) select * from a',
    allowed: 'with a as (select row_number() over (order by b) as n from t) select * from a',
  },
  {
    kind: 'rule',
    name: 'select * from an imported relation',
    reason: 'A column added upstream would change the model; the reader should see what it reads.',
    instead: 'an import CTE that lists its columns',
    pattern: (sql) => scanSql(sql).starredImports[0],
    example: 'with t as (select * from t) select * from t',
    allowed: 'with t as (select a from t), u as (select *, 1 as b from t) select * from u',
  },
  {
    kind: 'difference',
    name: 'a double cast to a whole number or a decimal',
    reason: 'Of 2.5 DuckDB makes 2, Trino 3; of 1.005 as decimal(18, 2) DuckDB makes 1.00, Trino 1.01.',
    instead: 'floor(…) or round(…) inside the cast; decimals all the way',
    pattern: (sql) =>
      castArguments(sql, String.raw`bigint|integer|decimal\s*\([^()]*\)`).find((argument) =>
        isDouble(argument),
      ),
    example: 'select cast(cast(a as double) / 2 as bigint) from t',
    allowed: 'select cast(floor(cast(a as double) / 2) as bigint), cast(b as decimal(18, 2)) from t',
    differs: [
      'select cast(cast(2.5 as double) as bigint) as a',
      'select cast(cast(2.5 as double) as integer) as a',
      'select cast(cast(1.005 as double) as decimal(18, 2)) as a',
    ],
  },
  {
    kind: 'difference',
    name: 'a decimal divided, or rounded to a scale',
    reason:
      'DuckDB divides decimals as doubles and rounds to the scale asked for, Trino keeps a scale of its own.',
    instead: 'cast both as double; cast(a as decimal(18, 1))',
    pattern: (sql) =>
      /\bas\s+decimal\s*\([^()]*\)\s*\)\s*\//.exec(sql)?.[0] ??
      argumentsOf(sql, 'round').find((argument) => /\bas\s+decimal\b/.test(argument)),
    example: 'select cast(a as decimal(18, 2)) / 2 from t',
    allowed: 'select cast(cast(a as decimal(18, 2)) as double) / 2, cast(b as decimal(18, 1)) from t',
    differs: [
      'select cast(10.00 as decimal(18, 2)) / 3 as a',
      'select round(cast(2.345 as decimal(18, 3)), 2) as a',
    ],
  },
  {
    kind: 'difference',
    name: 'try_cast to whole numbers, dates, times and booleans',
    reason: "DuckDB takes '1.5', '1e3', '1_000', times with a T and 'yes', of which Trino makes null.",
    instead: 'landing types the columns; try_cast(… as decimal(38, 10)) for numbers in JSON',
    pattern: new RegExp(
      String.raw`\btry_cast\s*\(${inParentheses}\bas\s+(?:bigint|integer|smallint|date|timestamp|boolean)\s*\)`,
    ),
    example: 'select try_cast(a as bigint) from t',
    allowed: 'select try_cast(a as decimal(38, 10)), cast(b as bigint) from t',
    differs: [
      "select try_cast('1.5' as bigint) as a",
      "select try_cast('1e3' as integer) as a",
      "select try_cast('1_000' as smallint) as a",
      "select try_cast('2024-02-29 10:00:00' as date) as a",
      "select try_cast('2024-02-29T10:00:00' as timestamp) as a",
      "select try_cast('yes' as boolean) as a",
    ],
  },
  {
    kind: 'difference',
    name: 'a date or time compared with a text',
    reason: 'DuckDB reads the text as a date, Trino refuses it.',
    instead: "date '…'",
    pattern:
      /\b\w+_(?:at|date|month|start)\s*(?:[=<>]+|(?:not\s+)?between)\s*''|''\s*[=<>]+\s*(?:\w+\.)?\w+_(?:at|date|month|start)\b/,
    example: "select a from t where order_date >= '2024-01-01'",
    allowed: "select a from t where order_date >= date '2024-01-01' and kind = 'x'",
    differs: [
      "select order_date from (values (date '2024-01-01')) as t (order_date) where order_date >= '2024-01-01'",
      "select order_date from (values (date '2024-01-01')) as t (order_date) where '2024-01-01' = order_date",
    ],
  },
  {
    kind: 'difference',
    name: 'a time less a time',
    reason: 'The intervals of the two engines are written and compared differently.',
    instead: "date_diff('millisecond', a, b)",
    pattern: /_at\s*-\s*(?:\w+\.)?\w+_at\b/,
    example: 'select t.left_at - t.entered_at from t',
    allowed: "select t.left_at - interval '1' day from t",
    differs: [
      "select left_at - entered_at as a from (values (timestamp '2024-01-02 00:00:00', timestamp '2024-01-01 00:00:00')) as t (left_at, entered_at)",
    ],
  },
  {
    kind: 'difference',
    name: 'a sequence of dates',
    reason: 'DuckDB gives timestamps, Trino dates.',
    instead: 'calendar_days, or a sequence of numbers and date_add',
    pattern: new RegExp(String.raw`\bsequence\s*\(${inParentheses}(?:\binterval\b|\bdate\b|_date\b)`),
    example:
      "select d from unnest(sequence(date '2024-01-01', date '2024-01-03', interval '1' day)) as t (d)",
    allowed: 'select d from unnest(sequence(0, 199)) as t (d)',
    differs: [
      "select d from unnest(sequence(date '2024-02-28', date '2024-03-01', interval '1' day)) as t (d) order by d",
    ],
  },
  {
    kind: 'difference',
    name: 'an amount times something as it stands',
    reason: 'A product of two decimals(18) may have no more than 18 digits in DuckDB, 38 in Trino.',
    instead: 'cast(amount as decimal(20, 2)) * rate',
    pattern: /\b\w*amount\s*\*|\*\s*(?:\w+\.)?\w*amount\b/,
    example: 'select t.amount * rates.rate from t',
    allowed: 'select cast(amount as decimal(20, 2)) * rates.rate from t',
    differs: [
      'select amount * rate as a from (values (cast(10 as decimal(18, 2)), cast(100000000 as decimal(18, 8)))) as t (amount, rate)',
      'select rate * t.amount as a from (values (cast(10 as decimal(18, 2)), cast(100000000 as decimal(18, 8)))) as t (amount, rate)',
    ],
  },
];
