/** From one type to another. */
export const casts: Readonly<Record<string, string>> = {
  'texts to decimals': `select try_cast(x as decimal(38, 10)) as a, try_cast(x as decimal(18, 6)) as b, cast(try_cast(x as decimal(18, 6)) as decimal(38, 10)) as c from (values ('1.5'), ('abc'), ('1e3'), ('1.0E10'), (''), ('-0.5'), ('123456789012345678901234567890'), ('1.23456789'), ('1.0000005'), ('.5'), ('5.'), ('-'), (null)) as t (x) order by x`,
  'texts to doubles': `select try_cast(x as double) as a from (values ('1.5'), ('1e300'), ('1.0E10'), ('abc'), (''), ('-0.5'), ('9007199254740993'), ('0.1'), (null)) as t (x) order by x`,
  'numbers to text': `select cast(12 as varchar) as a, cast(-7 as varchar) as b, cast(cast(12 as bigint) as varchar) as c, cast(9223372036854775807 as varchar) as d, cast(cast(null as bigint) as varchar) as e`,
  'booleans to text and back': `select cast(true as varchar) as a, cast(1 = 2 as varchar) as b, cast('true' as boolean) as c, cast('false' as boolean) as d, cast(cast(null as boolean) as varchar) as e`,
  'booleans to numbers and back': `select cast(true as integer) as a, cast(false as bigint) as b, cast(1 as boolean) as c, cast(0 as boolean) as d, cast(2 as boolean) as e`,
  'texts to whole numbers': `select cast('12' as bigint) as a, cast('-12' as integer) as b, cast('1.50' as decimal(18, 2)) as c, cast('1.5e3' as double) as d`,
  'numbers to wider and narrower': `select cast(5 as bigint) as a, cast(cast(5 as bigint) as integer) as b, cast(5 as double) as c, cast(5 as decimal(18, 2)) as d, cast(floor(-2.5e0) as bigint) as e, cast(1 as smallint) as f, cast(1.5 as real) as g`,
  'texts of a pattern to instants': `select x, case when regexp_like(x, '^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$') then try(cast(replace(substr(x, 1, 19), 'T', ' ') as timestamp)) end as a from (values ('2024-02-29T23:59:59Z'), ('2024-02-30T10:00:00Z'), ('2024-13-01T10:00:00Z'), ('2024-05-01T10:00:00.123+03:00'), ('2024-05-01T24:00:00Z'), ('2024-05-01 10:00:00'), ('soon'), (null)) as t (x) order by x`,
  'try_cast of what does not fit': `select try_cast(5000000000 as decimal(9, 2)) as a, try_cast('99999999999' as decimal(9, 2)) as b`,
  'typed nulls': `select cast(null as double) as a, cast(null as varchar) as b, cast(null as decimal(18, 2)) as c, cast(null as date) as d, cast(null as timestamp) as e, cast(null as bigint) as f, cast(null as boolean) as g, cast(null as integer) as h`,
};
