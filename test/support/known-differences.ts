/** A difference that no pattern can see in a text: what guards against it is said instead. */
export interface KnownDifference {
  readonly name: string;
  readonly guard: string;
  readonly differs: readonly string[];
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    name: 'logarithms and roots of what has none',
    guard: 'DuckDB refuses them, and every model runs on DuckDB first; Trino makes infinity or no number.',
    differs: [
      'select ln(x) as a from (values (0e0)) as t (x)',
      'select ln(x) as a from (values (-1e0)) as t (x)',
      'select sqrt(x) as a from (values (-1e0)) as t (x)',
    ],
  },
  {
    name: 'a sum beyond a bigint',
    guard: 'Sums are cast to bigint, which then fails on both.',
    differs: ['select sum(x) as a from (values (9223372036854775807), (1)) as t (x)'],
  },
  {
    name: 'a sum or difference of two decimals(18) of more than 18 digits',
    guard: 'No figure of a store has sixteen digits before the point; DuckDB refuses it aloud.',
    differs: ['select x + x as a from (values (cast(9999999999999999.99 as decimal(18, 2)))) as t (x)'],
  },
  {
    name: 'a decimal of more than 2^53 units as a double',
    guard: 'Amounts up to ninety billion with two places, as reports have them, come out to the last bit.',
    differs: [
      'select cast(x as double) as a from (values (cast(123456789012345.67 as decimal(18, 2)))) as t (x)',
    ],
  },
  {
    name: 'floor of a whole number',
    guard: 'Models cast what floor gives.',
    differs: ['select floor(x) as a from (values (7)) as t (x)'],
  },
  {
    name: 'the spelling of numbers in JSON',
    guard:
      'int_touchpoint_values writes those that differ as decimals, and numbers are compared as such; a coupon or campaign is a text.',
    differs: [
      `select json_extract_scalar('{"a":1.50}', '$.a') as a`,
      `select json_extract_scalar('{"a":1e3}', '$.a') as a`,
      `select json_extract_scalar('{"a":-0}', '$.a') as a`,
      `select json_format(json_extract('{"a":1e10}', '$.a')) as a`,
      `select json_format(json_extract('{"a":1e-7}', '$.a')) as a`,
    ],
  },
  {
    name: 'a number in JSON beyond any double',
    guard: 'None: to Trino it is the text Infinity, to DuckDB a number greater than all others.',
    differs: [`select json_format(json_extract('{"a":1e400}', '$.a')) as a`],
  },
  {
    name: 'what is no JSON',
    guard: 'Landing lets nothing but JSON objects into properties.',
    differs: [`select json_extract_scalar('no', '$.a') as a`, `select json_extract_scalar('', '$.a') as a`],
  },
  {
    name: 'texts that are nearly numbers',
    guard: 'try_cast reads what json_format wrote, which has no blanks and no letters behind.',
    differs: [
      "select try_cast(' 1.5 ' as decimal(18, 2)) as a",
      "select try_cast('1d' as double) as a",
      "select try_cast('nan' as double) as a",
    ],
  },
  {
    name: 'the greatest of what holds no number',
    guard: 'No model makes one.',
    differs: ["select max(x) as a from (values (1e0), (try_cast('NaN' as double))) as t (x)"],
  },
  {
    name: 'the upper case of ß',
    guard: 'upper is for currency codes.',
    differs: ["select upper('ß') as a"],
  },
  {
    name: 'an empty text replaced',
    guard: 'No model replaces anything.',
    differs: ["select replace('abc', '', '-') as a"],
  },
  {
    name: 'a group of a pattern that took no part',
    guard: 'The groups that models extract always take part.',
    differs: ["select regexp_extract('b', '(a)|b', 1) as a"],
  },
  {
    name: 'looking ahead in patterns',
    guard: 'DuckDB refuses it, and every rule runs on DuckDB first.',
    differs: ["select regexp_like('foobar', 'foo(?=bar)') as a"],
  },
  {
    name: 'times finer than a millisecond',
    guard: 'Landing writes milliseconds.',
    differs: ["select cast('2024-02-29 10:00:00.123456' as timestamp) as a"],
  },
  {
    name: 'a literal time without a fraction has none after an addition',
    guard: 'Models add to columns; a literal is only compared and counted from.',
    differs: ["select date_add('millisecond', 1500, timestamp '2024-01-01 00:00:00') as a"],
  },
  {
    name: 'hours between dates',
    guard: 'Trino refuses them when it reads the model; validate.athena.test.ts reads every model there.',
    differs: ["select date_diff('hour', date '2024-01-01', date '2024-01-02') as a"],
  },
  {
    name: 'a long sequence',
    guard: 'The longest of a model has two hundred entries.',
    differs: ['select cardinality(sequence(1, 20000)) as a'],
  },
  {
    name: 'the element at zero',
    guard: 'No model asks for it.',
    differs: ["select element_at(array['a'], 0) as a"],
  },
  {
    name: 'a lag by an unknown number of rows',
    guard: 'The number of a rule is never null.',
    differs: [
      'select k, lag(k, n) over (order by k) as a from (values (10, cast(null as integer)), (20, 1)) as t (k, n) order by k',
    ],
  },
  {
    name: 'what only DuckDB converts by itself, and names that only it looks up',
    guard: 'Trino refuses them when it reads the model; validate.athena.test.ts reads every model there.',
    differs: [
      'select a + 1 as b, b + 1 as c from (values (1)) as t (a)',
      'select x as g, count(*) as n from (values (1)) as t (x) group by g',
      "select x from (values (1)) as t (x) where x = '1'",
      "select 'a' || 1 as a",
      "select coalesce(1, '2') as a",
      'select sum(x) as a from (values (true)) as t (x)',
      'select 1 = true as a',
      "select 1 as a union all select 'x' as a",
    ],
  },
  {
    name: 'a limit or an order inside a subquery of the row outside',
    guard: 'Trino refuses them when it plans the model; validate.athena.test.ts plans every model there.',
    differs: [
      'select a from (values (1), (2)) as t (a) where exists (select 1 as one from (values (1), (2)) as u (b) where u.b < t.a limit 1)',
      'select (select b from (values (1), (2)) as u (b) where b <= t.a order by b desc limit 1) as x from (values (1), (2)) as t (a) order by 1',
    ],
  },
];
