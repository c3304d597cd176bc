// Values of customers told from touchpoints, a customer at a time and without SQL: the published formulas with gamma functions
// for the likelihoods, integrals over the chance of leaving for what is to be expected.
import { ordersOf, touchpointsBefore } from './lifecycle/seen.ts';
import type { Run, Touchpoint } from './lifecycle/types.ts';
import { addDays, daysBetween, localDay } from './local-time.ts';

export type ValueRun = Run & {
  readonly model: 'bg_nbd' | 'mbg_nbd';
  readonly daysPerUnit: 1 | 7;
  readonly horizonMonths: number;
  readonly discountRate: number;
  readonly holdoutDays: number;
  readonly minimumBuyers: number;
};

export type Bought = {
  readonly customer_id: string;
  readonly firstDay: string;
  readonly frequency: number;
  readonly recencyDays: number;
  readonly ageDays: number;
  readonly repeatMinor: bigint;
  /** Purchase days in the holdout; null of who came in it. */
  readonly holdoutOrders: number | null;
};

/** What every customer with an order that counts has bought. */
export function boughtOf(touchpoints: readonly Touchpoint[], run: ValueRun): Bought[] {
  const days = new Map<string, Map<string, bigint>>();
  for (const order of ordersOf(touchpointsBefore(touchpoints, run.asOf))) {
    const [earliest] = order.lines;
    if (order.status !== 'placed' || earliest === undefined) continue;
    const own = days.get(earliest.customer_id) ?? new Map<string, bigint>();
    const day = localDay(earliest.occurred_at, run.timeZone);
    const net = (order.gross_amount ?? 0n) - (order.refunded_amount ?? 0n);
    days.set(earliest.customer_id, own.set(day, (own.get(day) ?? 0n) + net));
  }
  const today = localDay(run.asOf - 1, run.timeZone);
  const calibrated = addDays(today, -run.holdoutDays);
  return [...days].map(([customer_id, own]) => {
    const [first = today, ...later] = [...own.keys()].sort();
    return {
      customer_id,
      firstDay: first,
      frequency: later.length,
      recencyDays: daysBetween(first, later.at(-1) ?? first),
      ageDays: daysBetween(first, today),
      repeatMinor: later.reduce((sum, day) => sum + (own.get(day) ?? 0n), 0n),
      holdoutOrders: first > calibrated ? null : later.filter((day) => day > calibrated).length,
    };
  });
}

const coefficients = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ by Lanczos's series. */
function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const [first = 0, ...rest] = coefficients;
  const sum = rest.reduce((total, coefficient, index) => total + coefficient / (x + index), first);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

const lnBeta = (a: number, b: number): number => lnGamma(a) + lnGamma(b) - lnGamma(a + b);

/** r, alpha, a, b. */
export type Buying = readonly [number, number, number, number];
/** p, q, gamma. */
export type Spending = readonly [number, number, number];

/** The sum over customers of ln L(r, α, a, b | x, t, T). */
export function buyingLikelihood(bought: readonly Bought[], run: ValueRun, [r, alpha, a, b]: Buying): number {
  const first = run.model === 'mbg_nbd' ? 1 : 0;
  return bought.reduce((sum, { frequency, recencyDays, ageDays }) => {
    const [t, T] = [recencyDays / run.daysPerUnit, ageDays / run.daysPerUnit];
    const common = lnGamma(r + frequency) - lnGamma(r) + r * Math.log(alpha) - lnBeta(a, b);
    const chances = frequency + first;
    const stays = lnBeta(a, b + chances) - (r + frequency) * Math.log(alpha + T);
    const leaves = lnBeta(a + 1, b + chances - 1) - (r + frequency) * Math.log(alpha + t);
    const both = chances === 0 ? stays : stays + Math.log(1 + Math.exp(leaves - stays));
    return sum + common + both;
  }, 0);
}

/** The sum over repeat buyers who paid something of ln f(mean | p, q, γ). */
export function spendingLikelihood(bought: readonly Bought[], [p, q, gamma]: Spending): number {
  return repeatBuyers(bought).reduce((sum, { frequency: x, mean }) => {
    const all = lnGamma(p * x + q) - lnGamma(p * x) - lnGamma(q);
    return (
      sum +
      all +
      q * Math.log(gamma) +
      (p * x - 1) * Math.log(mean) +
      p * x * Math.log(x) -
      (p * x + q) * Math.log(x * mean + gamma)
    );
  }, 0);
}

export const repeatBuyers = (bought: readonly Bought[]) =>
  bought
    .filter(({ frequency, repeatMinor }) => frequency > 0 && repeatMinor > 0n)
    .map(({ frequency, repeatMinor }) => ({ frequency, mean: Number(repeatMinor) / 100 / frequency }));

export function correlation(bought: readonly Bought[]): number {
  const rows = repeatBuyers(bought);
  const mean = (of: (row: (typeof rows)[number]) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const [x, y] = [mean((row) => row.frequency), mean((row) => row.mean)];
  const covariance = mean((row) => (row.frequency - x) * (row.mean - y));
  return covariance / Math.sqrt(mean((row) => (row.frequency - x) ** 2) * mean((row) => (row.mean - y) ** 2));
}

/** From 0 to 1 of p^(a − 1) (1 − p)^(b − 1) f(p), by the tanh-sinh rule. */
function overBeta(a: number, b: number, f: (p: number) => number): number {
  let sum = 0;
  for (let step = -90; step <= 90; step += 1) {
    const t = step / 20;
    const u = (Math.PI / 2) * Math.sinh(t);
    const [p, rest] = [1 / (1 + Math.exp(-2 * u)), 1 / (1 + Math.exp(2 * u))];
    if (p > 0 && rest > 0) sum += p ** a * rest ** b * f(p) * Math.cosh(t);
  }
  return (sum * Math.PI) / 20;
}

export type Valued = { readonly alive: number; readonly orders: number; readonly discounted: number };

/** Of one customer: alive by Bayes, orders as the mean over the chance of leaving, by month and in all. */
export function valuedOf(
  { frequency, recencyDays, ageDays }: Bought,
  run: ValueRun,
  [r, alpha, a, b]: Buying,
): Valued {
  const [t, T] = [recencyDays / run.daysPerUnit, ageDays / run.daysPerUnit];
  const chances = frequency + (run.model === 'mbg_nbd' ? 1 : 0);
  const shape = r + frequency;
  const stayed = overBeta(a, b + chances, () => 1);
  const left =
    chances === 0 ? 0 : overBeta(a + 1, b + chances - 1, () => 1) * ((alpha + T) / (alpha + t)) ** shape;
  const within = (time: number): number =>
    time === 0
      ? 0
      : overBeta(a, b + chances, (p) => -Math.expm1(-shape * Math.log1p((p * time) / (alpha + T))) / p) /
        stayed;
  const alive = stayed / (stayed + left);
  const month = 365.25 / 12 / run.daysPerUnit;
  let [orders, discounted] = [0, 0];
  for (let number = 1; number <= run.horizonMonths; number += 1) {
    const until = within(number * month);
    discounted += (until - orders) * (1 + run.discountRate) ** (-number / 12);
    orders = until;
  }
  return { alive, orders: alive * orders, discounted: alive * discounted };
}

/** The mean of ν-weighted values: (p, q, γ) after x orders of such a mean. */
export function meanValue({ frequency, repeatMinor }: Bought, [p, q, gamma]: Spending): number {
  const amount = Math.max(0, Number(repeatMinor) / 100);
  const weight = (p * frequency) / (p * frequency + q - 1);
  const mean = (gamma * p) / (q - 1);
  return frequency === 0 ? mean : (1 - weight) * mean + weight * (amount / frequency);
}
