import type { Evaluation } from './minimise.ts';
import type { PurchaseRows } from './purchase-rows.ts';

/**
 * `bg_nbd`: Fader, Hardie and Lee 2005, who may leave after each repeat purchase. `mbg_nbd`: Batislam, Denizel and Filiztekin
 * 2007, who may leave after the first purchase too.
 */
export const purchaseModels = ['bg_nbd', 'mbg_nbd'] as const;
export type PurchaseModel = (typeof purchaseModels)[number];

/** Purchases ~ gamma(r, alpha) by unit of time; leaving after one ~ beta(a, b). */
export interface PurchaseParameters {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

export const parametersAt = (point: readonly number[]): PurchaseParameters => {
  const [r = 0, alpha = 0, a = 0, b = 0] = point.map(Math.exp);
  return { r, alpha, a, b };
};

/**
 * The mean log-likelihood of a customer, turned round, with its gradient; variables are the logarithms of the parameters.
 * Logarithms of times are looked up by whole day, and what depends on the frequency alone is summed once for each: a row
 * costs one exponential and one logarithm.
 */
export function purchaseObjective(
  model: PurchaseModel,
  rows: PurchaseRows,
  daysPerUnit: number,
): (point: readonly number[]) => Evaluation {
  const days = 1 + rows.ageDays.reduce((most, age) => Math.max(most, age), 0);
  const logs = new Float64Array(days);
  const inverses = new Float64Array(days);
  const ends = frequencyEnds(rows);
  return (point) => {
    const parameters = parametersAt(point);
    for (let day = 0; day < days; day += 1) {
      const time = parameters.alpha + day / daysPerUnit;
      logs[day] = Math.log(time);
      inverses[day] = 1 / time;
    }
    const sum = { value: 0, r: 0, alpha: 0, a: 0, b: 0 };
    const products = productSums(model, parameters);
    for (const { frequency, from, to } of ends) {
      addRows(sum, rows, { logs, inverses }, products(frequency), parameters, { frequency, from, to });
    }
    const scale = -1 / rows.countCustomers;
    const { r, alpha, a, b } = parameters;
    return {
      value: scale * sum.value,
      gradient: [scale * sum.r * r, scale * sum.alpha * alpha, scale * sum.a * a, scale * sum.b * b],
    };
  };
}

interface Stretch {
  readonly frequency: number;
  readonly from: number;
  readonly to: number;
}

/** Where the rows of each frequency lie. */
function frequencyEnds({ size, frequency }: PurchaseRows): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let from = 0; from < size; ) {
    let to = from;
    while (to < size && frequency[to] === frequency[from]) {
      to += 1;
    }
    stretches.push({ frequency: frequency[from] ?? 0, from, to });
    from = to;
  }
  return stretches;
}

/** What of a row's log-likelihood depends on the frequency alone, with its derivatives. */
interface Products {
  readonly value: number;
  readonly r: number;
  readonly a: number;
  readonly b: number;
  /** ln of the odds of having left at the last purchase, before time speaks; undefined where nobody could. */
  readonly leaving: { readonly value: number; readonly a: number; readonly b: number } | undefined;
}

/**
 * The gamma functions of the likelihood stand in quotients whose arguments differ by whole numbers, which are products: no
 * special function is needed, and none rounds. Asked for in growing order of frequency, each sum goes on where it was.
 */
function productSums(model: PurchaseModel, { r, alpha, a, b }: PurchaseParameters) {
  let purchases = 0;
  let survived = 0;
  const sum = { r: 0, rSlope: 0, b: 0, aSlope: 0, bSlope: 0 };
  return (frequency: number): Products => {
    for (; purchases < frequency; purchases += 1) {
      sum.r += Math.log(r + purchases);
      sum.rSlope += 1 / (r + purchases);
    }
    const chances = model === 'bg_nbd' ? frequency : frequency + 1;
    for (; survived < chances; survived += 1) {
      sum.b += Math.log((b + survived) / (a + b + survived));
      sum.aSlope -= 1 / (a + b + survived);
      sum.bSlope += 1 / (b + survived) - 1 / (a + b + survived);
    }
    const last = b + chances - 1;
    return {
      value: sum.r + r * Math.log(alpha) + sum.b,
      r: sum.rSlope + Math.log(alpha),
      a: sum.aSlope,
      b: sum.bSlope,
      leaving: chances > 0 ? { value: Math.log(a / last), a: 1 / a, b: -1 / last } : undefined,
    };
  };
}

interface Sums {
  value: number;
  r: number;
  alpha: number;
  a: number;
  b: number;
}

function addRows(
  sum: Sums,
  { recencyDays, ageDays, customers }: PurchaseRows,
  { logs, inverses }: { readonly logs: Float64Array; readonly inverses: Float64Array },
  products: Products,
  { r, alpha }: PurchaseParameters,
  { frequency, from, to }: Stretch,
): void {
  const shape = r + frequency;
  const { leaving } = products;
  let count = 0;
  let value = 0;
  let slopeR = 0;
  let slopeAlpha = 0;
  let left = 0;
  for (let row = from; row < to; row += 1) {
    const n = customers[row] ?? 0;
    const age = ageDays[row] ?? 0;
    const logAge = logs[age] ?? 0;
    const inverseAge = inverses[age] ?? 0;
    count += n;
    value -= n * shape * logAge;
    slopeR -= n * logAge;
    slopeAlpha -= n * shape * inverseAge;
    if (leaving) {
      const recency = recencyDays[row] ?? 0;
      const logRatio = logAge - (logs[recency] ?? 0);
      const odds = leaving.value + shape * logRatio;
      // ln(1 + e^odds) and e^odds ÷ (1 + e^odds), for odds of any size
      const small = Math.exp(-Math.abs(odds));
      value += n * (Math.max(odds, 0) + Math.log1p(small));
      const share = (n * (odds > 0 ? 1 : small)) / (1 + small);
      left += share;
      slopeR += share * logRatio;
      slopeAlpha += share * shape * (inverseAge - (inverses[recency] ?? 0));
    }
  }
  sum.value += value + count * products.value;
  sum.r += slopeR + count * products.r;
  sum.alpha += slopeAlpha + (count * r) / alpha;
  sum.a += count * products.a + left * (leaving?.a ?? 0);
  sum.b += count * products.b + left * (leaving?.b ?? 0);
}
