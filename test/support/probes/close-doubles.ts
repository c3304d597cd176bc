/** Doubles of functions that no standard fixes to the last bit. */
export const closeDoubles: Readonly<Record<string, string>> = {
  'logarithms and exponentials': `select exp(1e0) as a, ln(2e0) as b, exp(-0.7e0) as c, exp(ln(0.3e0)) as d, ln(0.9999999e0) as e, exp(cast(null as double)) as f`,
  'powers and roots': `select power(2e0, 0.5e0) as a, sqrt(2e0) as b, power(1.1, 10) as c, log2(10e0) as d, log10(2e0) as e`,
  'a survival curve as a sum of logarithms': `select d, exp(sum(ln(1 - cast(e as double) / nullif(cast(n as double), 0))) over (order by d rows between unbounded preceding and current row)) as survival from (values (1, 1, 10), (2, 2, 9), (3, 1, 6), (5, 3, 5)) as t (d, e, n) order by d`,
  'a rate as one less an exponential, rounded': `select round(1 - exp(sum(ln(1 - cast(e as double) / cast(n as double)))), 12) as a from (values (1, 10), (2, 9)) as t (e, n)`,
  spreads: `select stddev(x) as a, variance(x) as b, stddev_pop(x) as c, corr(x, y) as d from (values (1e0, 2e0), (2e0, 3e0), (4e0, 9e0)) as t (x, y)`,
};
