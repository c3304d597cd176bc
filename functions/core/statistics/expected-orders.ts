import gammaln from '@stdlib/math-base-special-gammaln';
import type { SpendParameters } from './fit-spend.ts';
import type { PurchaseModel, PurchaseParameters } from './purchase-likelihood.ts';

/** Whether a customer is still one. Of one-time buyers BG/NBD always says 1: before a repeat purchase nobody can leave. */
export function aliveProbability(
  model: PurchaseModel,
  { r, alpha, a, b }: PurchaseParameters,
  { frequency, recency, age }: { readonly frequency: number; readonly recency: number; readonly age: number },
): number {
  const chances = model === 'bg_nbd' ? frequency : frequency + 1;
  return chances === 0
    ? 1
    : 1 / (1 + (a / (b + chances - 1)) * ((alpha + age) / (alpha + recency)) ** (r + frequency));
}

/** The mean value of an order that a customer's repeat orders, `amount` together, let expect. */
export const expectedValue = ({ p, q, gamma }: SpendParameters, frequency: number, amount: number): number =>
  (p * (gamma + amount)) / (p * frequency + q - 1);

/** A term of a series is left out below this share of the sum. */
const NEGLIGIBLE = 1e-15;
const SMALLEST_LOGARITHM = -700;

/**
 * Orders to expect within a time of customers of one frequency who are alive, by their age: the published formula, whose
 * hypergeometric function is written as a mean over N ~ negative binomial(r + x, t ÷ (alpha + T + t)). With c = a + b + x − 1
 * (one more in MBG/NBD) and q(n) = (b + x)ₙ ÷ (c)ₙ, it is c Σ P(N = n) d(n), d(n + 1) = d(n) + q(n) ÷ (c + n). Every term is
 * positive, so nothing cancels, and a = 1 is no exception, where the formula divides nought by nought.
 */
export function ordersIfAlive(
  model: PurchaseModel,
  { r, alpha, a, b }: PurchaseParameters,
  frequency: number,
): (age: number, time: number) => number {
  const shape = r + frequency;
  const survivals = b + frequency + (model === 'bg_nbd' ? 0 : 1);
  const total = a + survivals - 1;
  const weights = [0];
  let quotient = 1;
  const weightAt = (n: number): number => {
    for (let known = weights.length - 1; known < n; known += 1) {
      weights.push((weights[known] ?? 0) + quotient / (total + known));
      quotient *= (survivals + known) / (total + known);
    }
    return weights[n] ?? 0;
  };
  return (age, time) => {
    const share = time / (alpha + age + time);
    const { first, probability } = firstTerm(shape, share);
    let term = probability;
    let sum = 0;
    for (let n = first; ; n += 1) {
      const add = term * weightAt(n);
      sum += add;
      const ratio = ((shape + n) * share) / (n + 1);
      // what is left is less than a geometric series of this ratio, but for the slow growth of the weights
      if (sum > 0 && ratio < 1 && add <= NEGLIGIBLE * sum * (1 - ratio)) {
        return total * sum;
      }
      term *= ratio;
      if (term === 0) {
        return total * sum;
      }
    }
  };
}

/** Where to begin with the probabilities of a negative binomial: at 0, or nearer to the middle where those of 0 underflow. */
function firstTerm(shape: number, share: number): { readonly first: number; readonly probability: number } {
  const logZero = shape * Math.log1p(-share);
  if (logZero > SMALLEST_LOGARITHM) {
    return { first: 0, probability: Math.exp(logZero) };
  }
  const mean = (shape * share) / (1 - share);
  const deviation = Math.sqrt(mean / (1 - share));
  const first = Math.max(0, Math.floor(mean - 12 * deviation));
  const log =
    logZero + first * Math.log(share) + gammaln(shape + first) - gammaln(shape) - gammaln(first + 1);
  return { first, probability: Math.exp(log) };
}

export interface Horizon {
  readonly months: number;
  /** A month in the unit of time of the parameters. */
  readonly month: number;
  /** By the year: 0.1 makes what comes in a year worth a share of 1 ÷ 1.1. */
  readonly discountRate: number;
}

export interface HorizonOrders {
  readonly orders: number;
  /** Each month's worth what it is worth today, at the month's end. */
  readonly discounted: number;
}

/** Orders of a horizon, month by month, of a customer who is alive. */
export function ordersOfHorizon(
  ordersWithin: (age: number, time: number) => number,
  age: number,
  { months, month, discountRate }: Horizon,
): HorizonOrders {
  let [orders, discounted] = [0, 0];
  for (let number = 1; number <= months; number += 1) {
    const until = ordersWithin(age, number * month);
    discounted += (until - orders) / (1 + discountRate) ** (number / 12);
    orders = until;
  }
  return { orders, discounted };
}
