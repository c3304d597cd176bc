import digamma from '@stdlib/math-base-special-digamma';
import gammaln from '@stdlib/math-base-special-gammaln';
import { type Fit, fitOf, LEAST_BUYERS, type Refusal } from './fit-purchases.ts';
import { type Evaluation, minimise } from './minimise.ts';

/** Repeat buyers alike in frequency and in what they spent. */
export interface SpendRow {
  /** Repeat purchases, one or more. */
  readonly frequency: number;
  /** Of all of them together. */
  readonly amount: number;
  readonly customers: number;
}

/** Gamma-Gamma (Fader and Hardie 2013): value ~ gamma(p, ν), ν ~ gamma(q, gamma). */
export interface SpendParameters {
  readonly p: number;
  readonly q: number;
  readonly gamma: number;
}

const START = { p: 2, q: 3 } as const;

/** Maximum likelihood on distinct rows; who spent nothing, or less, is no part of it. */
export function fitSpend(given: readonly SpendRow[], start?: SpendParameters): Fit<SpendParameters> {
  const rows = given.filter(({ frequency, amount }) => frequency > 0 && amount > 0);
  const customers = rows.reduce((sum, row) => sum + row.customers, 0);
  const reason = refusalOf(rows, customers);
  if (reason) {
    return { status: 'refused', reason };
  }
  const mean = rows.reduce((sum, row) => sum + (row.customers * row.amount) / row.frequency, 0) / customers;
  const from = start ?? { ...START, gamma: (mean * (START.q - 1)) / START.p };
  const found = minimise(spendObjective(rows, customers), [from.p, from.q, from.gamma].map(Math.log));
  const [p = 0, q = 0, gamma = 0] = found.point.map(Math.exp);
  return fitOf(found, { p, q, gamma }, { p: 1, q: 1, gamma: geometricMean(rows, customers) }, customers);
}

/** A typical value of an order, however far a few values lie from it. */
function geometricMean(rows: readonly SpendRow[], customers: number): number {
  const logs = rows.reduce((sum, row) => sum + row.customers * Math.log(row.amount / row.frequency), 0);
  return Math.exp(logs / customers);
}

function refusalOf(rows: readonly SpendRow[], customers: number): Refusal | undefined {
  if (customers === 0) {
    return 'no_repeat_purchases';
  }
  if (customers < LEAST_BUYERS) {
    return 'too_few_buyers';
  }
  const first = rows[0];
  const meanOf = ({ amount, frequency }: SpendRow): number => amount / frequency;
  return first && rows.every((row) => meanOf(row) === meanOf(first)) ? 'all_identical' : undefined;
}

/** Sums of all rows of one frequency. */
interface FrequencyGroup {
  readonly frequency: number;
  readonly customers: number;
  readonly sumLogAmount: number;
}

/** The mean log-likelihood of a repeat buyer, turned round, by the logarithms of p, q and gamma. */
function spendObjective(
  rows: readonly SpendRow[],
  customers: number,
): (point: readonly number[]) => Evaluation {
  const groups = groupsOf(rows);
  const frequencies = Float64Array.from(rows, (row) => row.frequency);
  const amounts = Float64Array.from(rows, (row) => row.amount);
  const counts = Float64Array.from(rows, (row) => row.customers);
  return (point) => {
    const [p = 0, q = 0, gamma = 0] = point.map(Math.exp);
    const sum = groupSums(groups, p, q, gamma);
    for (let row = 0; row < amounts.length; row += 1) {
      const frequency = frequencies[row] ?? 0;
      const n = counts[row] ?? 0;
      const total = gamma + (amounts[row] ?? 0);
      const log = Math.log(total);
      const shape = p * frequency + q;
      sum.value -= n * shape * log;
      sum.p -= n * frequency * log;
      sum.q -= n * log;
      sum.gamma -= (n * shape) / total;
    }
    const scale = -1 / customers;
    return {
      value: scale * sum.value,
      gradient: [scale * sum.p * p, scale * sum.q * q, scale * sum.gamma * gamma],
    };
  };
}

function groupsOf(rows: readonly SpendRow[]): readonly FrequencyGroup[] {
  const groups = new Map<number, { customers: number; sumLogAmount: number }>();
  for (const { frequency, amount, customers } of rows) {
    const group = groups.get(frequency) ?? { customers: 0, sumLogAmount: 0 };
    group.customers += customers;
    group.sumLogAmount += customers * Math.log(amount);
    groups.set(frequency, group);
  }
  return [...groups]
    .map(([frequency, group]) => ({ frequency, ...group }))
    .sort((a, b) => a.frequency - b.frequency);
}

/** The part of the likelihood of which the special functions need the frequency alone. */
function groupSums(groups: readonly FrequencyGroup[], p: number, q: number, gamma: number) {
  const sum = { value: 0, p: 0, q: 0, gamma: 0 };
  for (const { frequency, customers, sumLogAmount } of groups) {
    const [shape, all] = [p * frequency, p * frequency + q];
    // of the mean m = amount ÷ x: m^(px − 1) x^(px) = amount^(px − 1) x
    sum.value +=
      customers * (gammaln(all) - gammaln(shape) - gammaln(q) + q * Math.log(gamma) + Math.log(frequency)) +
      (shape - 1) * sumLogAmount;
    sum.p += frequency * (customers * (digamma(all) - digamma(shape)) + sumLogAmount);
    sum.q += customers * (digamma(all) - digamma(q) + Math.log(gamma));
    sum.gamma += (customers * q) / gamma;
  }
  return sum;
}
