import { type Minimum, minimise } from './minimise.ts';
import {
  type PurchaseModel,
  type PurchaseParameters,
  parametersAt,
  purchaseObjective,
} from './purchase-likelihood.ts';
import type { PurchaseRows } from './purchase-rows.ts';

/** Why data cannot be fitted. */
export type Refusal =
  | 'too_few_buyers'
  | 'no_repeat_purchases'
  | 'all_identical'
  | 'no_maximum'
  | 'not_converged';

export interface Convergence {
  readonly logLikelihood: number;
  readonly iterations: number;
  /** Of the mean log-likelihood of a customer, by the logarithms of the parameters. */
  readonly gradientNorm: number;
}

export type Fit<Parameters> =
  | ({ readonly status: 'fitted'; readonly parameters: Parameters } & Convergence)
  | { readonly status: 'refused'; readonly reason: Refusal };

/** Four parameters are never told by fewer customers than this. */
export const LEAST_BUYERS = 10;

/** Where the search begins, in units of the data's own time: its mean age is one. */
const START = { r: 0.5, alpha: 0.3, a: 0.7, b: 2 } as const;

/**
 * Maximum likelihood on distinct rows. `daysPerUnit` only scales alpha (7: weeks); `start` is for whoever doubts that there
 * is one optimum.
 */
export function fitPurchases(
  model: PurchaseModel,
  rows: PurchaseRows,
  daysPerUnit: number,
  start?: PurchaseParameters,
): Fit<PurchaseParameters> {
  const reason = refusalOf(rows);
  if (reason) {
    return { status: 'refused', reason };
  }
  const from = start ?? { ...START, alpha: START.alpha * meanAge(rows, daysPerUnit) };
  const found = minimise(
    purchaseObjective(model, rows, daysPerUnit),
    [from.r, from.alpha, from.a, from.b].map(Math.log),
  );
  const parameters = parametersAt(found.point);
  const scale = { r: 1, alpha: meanAge(rows, daysPerUnit), a: 1, b: 1 };
  return fitOf(found, parameters, scale, rows.countCustomers);
}

/** Beyond them, in the data's own scale, a parameter is on its way to nought or to infinity. */
const NEAREST = 1e-3;
const FARTHEST = 1e4;

/** What a search found, or why it is no answer: a likelihood that grows for ever has no maximum. */
export function fitOf<Name extends string>(
  found: Minimum,
  parameters: Readonly<Record<Name, number>>,
  scale: Readonly<Record<Name, number>>,
  customers: number,
): Fit<Readonly<Record<Name, number>>> {
  const names = Object.keys(parameters) as Name[];
  const isFar = names.some((name) => {
    const distance = parameters[name] / scale[name];
    return distance > FARTHEST || distance < NEAREST;
  });
  if (isFar || !found.hasConverged) {
    return { status: 'refused', reason: isFar ? 'no_maximum' : 'not_converged' };
  }
  return { status: 'fitted', parameters, ...convergenceOf(found, customers) };
}

const convergenceOf = ({ value, iterations, gradientNorm }: Minimum, customers: number): Convergence => ({
  logLikelihood: -value * customers,
  iterations,
  gradientNorm,
});

function refusalOf({ size, frequency, countCustomers }: PurchaseRows): Refusal | undefined {
  if (countCustomers < LEAST_BUYERS) {
    return 'too_few_buyers';
  }
  if (frequency.every((count) => count === 0)) {
    return 'no_repeat_purchases';
  }
  return size === 1 ? 'all_identical' : undefined;
}

function meanAge({ ageDays, customers, countCustomers }: PurchaseRows, daysPerUnit: number): number {
  const days = ageDays.reduce((sum, age, row) => sum + age * (customers[row] ?? 0), 0);
  return Math.max(days / countCustomers, 1) / daysPerUnit;
}
