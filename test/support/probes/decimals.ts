/** Decimals: their scale, and how they are rounded. */
export const decimals: Readonly<Record<string, string>> = {
  'sum and product of decimal literals': `select 1.5 * 2.25 as a, 1.5 + 2.25 as b, -1.50 as c, 1.5 - 2.255 as d, 2 * 1.5 as e, cast(3 as bigint) * 1.5 as f, 2.5 * 2e0 as g`,
  'rounding half up when a decimal is cast': `select cast(1.005 as decimal(18, 2)) as a, cast(-1.005 as decimal(18, 2)) as b, cast(1.004999 as decimal(18, 2)) as c, cast(0.995 as decimal(18, 2)) as d, cast(2.5 as bigint) as e, cast(-2.5 as bigint) as f`,
  'an amount at a rate': `select amount * rate as a, cast(amount * rate as decimal(18, 2)) as b from (values (cast(10.00 as decimal(18, 2)), cast(1.23456789 as decimal(18, 8))), (cast(-0.01 as decimal(18, 2)), cast(0.5 as decimal(18, 8))), (cast(9999999999999999.99 as decimal(18, 2)), cast(1 as decimal(18, 8)))) as t (amount, rate) order by amount`,
  'the scale of sum, min and max': `select sum(x) as a, min(x) as b, max(x) as c, cast(sum(x) as decimal(18, 2)) as d from (values (cast(1.10 as decimal(18, 2))), (cast(2.20 as decimal(18, 2))), (null)) as t (x)`,
  'the scale of coalesce': `select coalesce(x, 0) as a, coalesce(x, cast(0 as decimal(18, 2))) as b, coalesce(sum(x), 0) as c from (values (cast(null as decimal(18, 2)))) as t (x) group by x`,
  'the scale of case': `select case when x > 1 then 0 else x end as a, case when x > 1 then x end as b, case when x is null then cast(0 as decimal(18, 2)) else cast(x as decimal(18, 2)) end as c from (values (cast(1.50 as decimal(18, 2))), (null)) as t (x) order by 2`,
  'the scale of a difference': `select cast(coalesce(x, 0) - coalesce(y, 0) as decimal(18, 2)) as a, x - y as b from (values (cast(1.50 as decimal(18, 2)), cast(2.75 as decimal(18, 2))), (null, cast(1 as decimal(18, 2)))) as t (x, y) order by 1`,
  'decimals of two scales compared and united': `select cast(1.5 as decimal(18, 2)) = cast(1.5000000000 as decimal(38, 10)) as a, coalesce(cast(null as decimal(18, 2)), cast(1.5 as decimal(38, 10))) as b, nullif(cast(1.50 as decimal(18, 2)), 1.5) as c`,
  'a quantity of four places': `select cast(sum(coalesce(x, 1)) as decimal(18, 4)) as a from (values (cast(1.2345 as decimal(18, 4))), (null)) as t (x)`,
  'a decimal as a double': `select cast(1.5 as double) as a, cast(cast(0.10 as decimal(18, 2)) as double) as b, cast(cast(123456789012345.67 as decimal(18, 2)) as double) as c, cast(cast(1 as decimal(38, 10)) as double) / 3 as d`,
  'a decimal as text': `select cast(1.50 as varchar) as a, cast(cast(1.5 as decimal(38, 10)) as varchar) as b, cast(-0.50 as varchar) as c, cast(cast(100 as decimal(18, 2)) as varchar) as d, cast(cast(-0.00 as decimal(18, 2)) as varchar) as e`,
  'the widest decimals': `select cast(1234567890123456789012345678.0123456789 as decimal(38, 10)) as a, cast(9999999999999999.99 as decimal(18, 2)) + cast(0.01 as decimal(18, 2)) as b`,
  'sums of decimals over a window': `select x, sum(x) over (order by k rows between unbounded preceding and current row) as a, cast(sum(x) over (order by k rows between unbounded preceding and current row) as decimal(18, 2)) as b from (values (1, cast(0.10 as decimal(18, 2))), (2, cast(0.20 as decimal(18, 2))), (3, null)) as t (k, x) order by k`,
  'try_cast of a decimal too small for it': `select try_cast(123.456 as decimal(4, 2)) as a, try_cast(99.994 as decimal(4, 2)) as b, try_cast(5000000000 as decimal(4, 2)) as c`,
  'rows of integers and decimals': `select x from (values (1), (2.5), (null)) as t (x) order by x`,
};
