import { scanSql } from './sql-text.ts';

/** Something that the two engines do not do alike, or that makes a model depend on more than its inputs. */
export interface Denial {
  readonly name: string;
  readonly reason: string;
  readonly instead: string;
  /** Looked for in lower-case SQL without comments, its string literals emptied. */
  readonly pattern: RegExp | ((sql: string) => string | undefined);
  /** SQL that it catches. */
  readonly example: string;
  /** SQL like it that it lets pass. */
  readonly allowed: string;
}

const inParentheses = String.raw`(?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*`;

const duckdbOnly = [
  'list',
  'list_\\w+',
  'string_agg',
  'group_concat',
  'struct_pack',
  'struct_extract',
  'row_to_json',
  'unpivot',
  'epoch',
  'epoch_ms',
  'epoch_us',
  'strftime',
  'strptime',
  'isodow',
  'isoyear',
  'date_sub',
  'date_part',
  'datediff',
  'datesub',
  'make_date',
  'make_timestamp',
  'generate_series',
  'range',
  'hash',
  'ifnull',
  'len',
  'left',
  'right',
  'first',
  'last',
  'arg_max',
  'arg_min',
  'argmax',
  'argmin',
  'contains',
  'ends_with',
  'suffix',
  'instr',
  'regexp_matches',
  'regexp_full_match',
  'json_extract_string',
  'json_object',
  'array_to_string',
  'to_timestamp',
  'to_days',
  'to_months',
  'to_hours',
  'encode',
  'decode',
  'unhex',
  'hex',
  'getvariable',
  'iif',
  'nvl',
  'isfinite',
].join('|');

const trinoOnly = [
  'from_iso8601_timestamp',
  'from_iso8601_date',
  'json_parse',
  'json_format',
  'json_value',
  'json_query',
  'bitwise_and',
  'zip_with',
  'reduce',
  'transform',
  'any_match',
  'all_match',
  'none_match',
  'normal_cdf',
  'date_format',
  'parse_datetime',
  'human_readable_seconds',
  'histogram',
  'multimap_agg',
  'map_union',
  'checksum',
].join('|');

const reserved = [
  'auto',
  'constraint',
  'describe',
  'end',
  'escape',
  'execute',
  'extract',
  'for',
  'full',
  'group',
  'grouping',
  'left',
  'listagg',
  'normalize',
  'order',
  'prepare',
  'right',
  'skip',
  'table',
  'trim',
  'uescape',
  'unnest',
  'values',
].join('|');

const syntax: readonly Denial[] = [
  {
    name: 'qualify',
    reason: 'Trino has no QUALIFY: it reads the word as an alias.',
    instead: 'number the rows in one CTE, filter in the next',
    pattern: /\bqualify\b/,
    example: 'select a from t qualify row_number() over (order by a) = 1',
    allowed: 'select qualified from t',
  },
  {
    name: 'group by all, order by all',
    reason: 'Trino has neither.',
    instead: 'group by positions',
    pattern: /\b(group|order)\s+by\s+all\b/,
    example: 'select a, count(*) from t group by all',
    allowed: 'select a from t union all select b from u order by 1',
  },
  {
    name: 'the cast ::',
    reason: 'Only DuckDB reads it.',
    instead: 'cast(x as type)',
    pattern: /::/,
    example: 'select a::date from t',
    allowed: "select cast(a as date) from t where b = 'a::b'",
  },
  {
    name: 'ilike, glob, similar to, ~',
    reason: 'Trino has none of them.',
    instead: 'like, or regexp_like',
    pattern: /\bilike\b|\bglob\b|\bsimilar\s+to\b|~/,
    example: "select a from t where a ilike 'x%'",
    allowed: "select a from t where lower(a) like 'x%'",
  },
  {
    name: 'the integer division //',
    reason: 'Only DuckDB has it.',
    instead: '/ between integers, which is whole on both',
    pattern: /\/\//,
    example: 'select a // 2 from t',
    allowed: "select a / 2 as b, 'https://x' as c from t",
  },
  {
    name: '==',
    reason: 'Only DuckDB reads it.',
    instead: '=',
    pattern: /==/,
    example: 'select a from t where a == 1',
    allowed: 'select a from t where a >= 1',
  },
  {
    name: '* exclude, * replace, columns(…)',
    reason: 'Trino has none of them.',
    instead: 'list the columns',
    pattern: /\*\s*(exclude|replace|except|rename)\b|\bcolumns\s*\(/,
    example: 'select * exclude (a) from t',
    allowed: 'select * from step',
  },
  {
    name: 'pivot, unpivot',
    reason: 'Trino has neither.',
    instead: 'case or filter per column; union all',
    pattern: /\b(un)?pivot\b/,
    example: 'pivot t on a using sum(b)',
    allowed: 'select * from unpivoted',
  },
  {
    name: 'asof, semi, anti, positional, natural and using joins',
    reason: 'Trino lacks the first four; what a using join yields differs.',
    instead: 'an inner or left join on conditions',
    pattern: /\b(asof|semi|anti|positional|natural)\s+(left\s+)?join\b|\busing\s*\(/,
    example: 'select a from t asof join u on t.b >= u.b',
    allowed: 'select a from t left join u on t.b = u.b where u.b is null',
  },
  {
    name: 'from first',
    reason: 'Trino wants a select before it.',
    instead: 'select … from …',
    pattern: /(?:^|\()\s*from\b/,
    example: 'with a as (from t) select a from a',
    allowed: 'select extract(year from b) from t',
  },
  {
    name: 'distinct on',
    reason: 'Trino has no DISTINCT ON.',
    instead: 'row_number and a filter',
    pattern: /\bdistinct\s+on\b/,
    example: 'select distinct on (a) a, b from t',
    allowed: 'select distinct a, b from t',
  },
  {
    name: 'list literals and subscripts',
    reason: 'Trino has no list literal, and refuses a subscript out of range where DuckDB gives null.',
    instead: 'array[…] and element_at',
    pattern: /(?<!\barray)\[/,
    example: 'select [1, 2] as a',
    allowed: 'select element_at(array[1, 2], 1) as a',
  },
  {
    name: 'struct literals',
    reason: 'Trino has no such literal.',
    instead: 'columns',
    pattern: /\{/,
    example: "select {'a': 1} as b",
    allowed: "select '{}' as b",
  },
  {
    name: 'JSON arrows and lambda',
    reason: 'Trino has no JSON arrow, and no word lambda.',
    instead: 'json_extract_scalar',
    pattern: /->|\blambda\b/,
    example: "select a ->> 'b' from t",
    allowed: "select json_extract_scalar(a, '$.b') from t",
  },
  {
    name: 'union by name',
    reason: 'Trino unites by position.',
    instead: 'the same columns in the same order',
    pattern: /\bunion\s+(all\s+)?by\s+name\b/,
    example: 'select a from t union all by name select a from u',
    allowed: 'select a from t union all select a from u',
  },
  {
    name: 'values without parentheses',
    reason: 'DuckDB reads `values 1, 2` as one row, Trino as two.',
    instead: 'values (1), (2)',
    pattern: /\bvalues\b(?!\s*\()/,
    example: 'select a from (values 1, 2) as t (a)',
    allowed: 'select a from (values (1), (2)) as t (a)',
  },
  {
    name: 'a comma before from or a closing bracket',
    reason: 'Only DuckDB forgives it.',
    instead: 'no comma',
    pattern: /,\s*(from\b|\))/,
    example: 'select a, from t',
    allowed: 'select a, b from t',
  },
  {
    name: 'count() without a star',
    reason: 'Trino wants count(*).',
    instead: 'count(*)',
    pattern: /\bcount\s*\(\s*\)/,
    example: 'select count() from t',
    allowed: 'select count(*) from t',
  },
  {
    name: 'limit before offset',
    reason: 'Trino wants the offset first.',
    instead: 'row_number and a filter',
    pattern: /\blimit\s+\S+\s+offset\b/,
    example: 'select a from t order by a limit 5 offset 5',
    allowed: 'select a from t order by a limit 5',
  },
  {
    name: 'recursion',
    reason: 'Trino stops at ten rounds.',
    instead: 'rounds, unrolled',
    pattern: /\brecursive\b/,
    example: 'with recursive a as (select 1) select * from a',
    allowed: 'with a as (select 1) select * from a',
  },
  {
    name: 'more than one statement',
    reason: 'A model is a bare select.',
    instead: 'no semicolon',
    pattern: /;/,
    example: 'select 1; select 2',
    allowed: "select ';' as a",
  },
  {
    name: 'words that Trino reserves as names',
    reason: 'Trino refuses them unquoted.',
    instead: 'another name',
    pattern: new RegExp(String.raw`\bas\s+(${reserved})\b(?!\s*\()`),
    example: 'select a as skip from t',
    allowed: 'select a as skipped, b as lower from t',
  },
  {
    name: "types of one engine's own",
    reason: 'Only types that mean the same on both may be named.',
    instead: 'varchar, bigint, double, decimal, date, timestamp',
    pattern:
      /\bas\s+(text|string|hugeint|uhugeint|u?tinyint|float\d?|int\d|timestamptz|timestamp_\w+|blob|bytea|json)\s*\)/,
    example: 'select cast(a as text) from t',
    allowed: 'select cast(a as varchar) from t',
  },
];

const functions: readonly Denial[] = [
  {
    name: 'the clock and chance',
    reason: 'A model depends on its inputs alone: the same inputs give the same rows.',
    instead: 'run_parameters.as_of_at',
    pattern:
      /\b(now|today|get_current_timestamp|random|rand|uuid|gen_random_uuid|setseed|shuffle)\s*\(|\bcurrent_(date|time|timestamp|user)\b|\blocaltime(stamp)?\b/,
    example: 'select current_date as a',
    allowed: 'select as_of_at as current_at from run_parameters',
  },
  {
    name: "functions of DuckDB's own",
    reason: 'Trino does not know them, or means something else.',
    instead: "Trino's function, by a macro in sql/duckdb/trino.sql",
    pattern: new RegExp(String.raw`\b(${duckdbOnly})\s*\(`),
    example: 'select list(a), epoch_ms(b) from t',
    allowed: 'select array_agg(a), to_unixtime(b) from t left join u on t.a = u.a',
  },
  {
    name: "functions of Trino's own",
    reason: 'DuckDB does not know them, and no macro can supply them faithfully.',
    instead: 'parse at landing; a CTE',
    pattern: new RegExp(String.raw`\b(${trinoOnly})\s*\(`),
    example: 'select from_iso8601_timestamp(a) from t',
    allowed: 'select transformed from t',
  },
  {
    name: 'match_recognize, listagg, ignore nulls',
    reason: 'DuckDB has none of them in this form.',
    instead: 'array_join(array_agg(… order by …)), a running max',
    pattern: /\bmatch_recognize\b|\blistagg\b|\b(ignore|respect)\s+nulls\b|\bwithin\s+group\b/,
    example: 'select lag(a) ignore nulls over (order by b) from t',
    allowed: 'select a from t order by a asc nulls last',
  },
  {
    name: 'median, mode, quantiles',
    reason: 'Trino has no exact ones.',
    instead: 'row_number and the middle rows',
    pattern: /\b(median|mode|mad|quantile\w*|percentile_\w+)\s*\(/,
    example: 'select median(a) from t',
    allowed: 'select median_days from t',
  },
  {
    name: 'ntile',
    reason: 'Its classes follow the order of ties; a score is 1 + n × (rank − 1) ÷ count by a unique order.',
    instead: 'row_number with an id at the end of its order',
    pattern: /\bntile\s*\(/,
    example: 'select ntile(5) over (order by a) from t',
    allowed: 'select 1 + 5 * (place - 1) / 7 from t',
  },
  {
    name: 'approximate aggregates',
    reason: 'Estimates by different algorithms: figures would differ by engine.',
    instead: 'count(distinct …), row_number',
    pattern: /\bapprox_\w+|\breservoir_quantile\b/,
    example: 'select approx_distinct(a) from t',
    allowed: 'select count(distinct a) from t',
  },
  {
    name: 'a filtered aggregate over a window',
    reason: 'Trino refuses it.',
    instead: 'count_if(…) over, or a case inside',
    pattern: new RegExp(String.raw`\bfilter\s*\(\s*where\b${inParentheses}\)\s*over\b`),
    example: 'select count(*) filter (where a > (1)) over (order by b) from t',
    allowed: 'select count(*) filter (where a > (1)) from t',
  },
  {
    name: 'lower-casing an identifier',
    reason: "Landing's one normaliser does it; engines differ for Turkish letters.",
    instead: 'the identifier as landed',
    pattern:
      /\b(lower|upper|trim)\s*\(\s*(\w+\.)?(\w*email\w*|\w*phone\w*|\w*identifier\w*|(user|anonymous|device|loyalty|customer)_id)\b/,
    example: 'select lower(t.email_key) from t',
    allowed: 'select lower(campaign_name) from t',
  },
];

const values: readonly Denial[] = [
  {
    name: 'a divisor that may be zero',
    reason: 'DuckDB gives infinity or null, Trino an error.',
    instead: 'nullif(b, 0)',
    pattern: /[/%]\s*(?!\s|nullif\s*\(|cast\s*\(\s*nullif\s*\(|\d)/,
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

export const denials: readonly Denial[] = [...syntax, ...functions, ...values];

/** Lower-case SQL without comments; string literals are emptied, quoted names keep their place. */
export function strippedSql(sql: string): string {
  const withoutTexts = sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (token) => {
    if (token.startsWith("'")) {
      return "''";
    }
    return token.startsWith('"') ? '"quoted"' : ' ';
  });
  return withoutTexts.toLowerCase();
}

/** What of the deny-list stands in a SQL text: name and the text that was found. */
export function denialsIn(sql: string): readonly string[] {
  const stripped = strippedSql(sql);
  return denials.flatMap(({ name, reason, instead, pattern }) => {
    const found = pattern instanceof RegExp ? pattern.exec(stripped)?.[0] : pattern(stripped);
    return found === undefined ? [] : [`${name}: "${found.trim()}". ${reason} Write: ${instead}`];
  });
}
