import type { ValueSettings } from '../configuration.ts';
import { aliveProbability, ordersIfAlive } from './expected-orders.ts';
import { type Fit, fitPurchases, type Refusal } from './fit-purchases.ts';
import { fitSpend, type SpendParameters, type SpendRow } from './fit-spend.ts';
import { type PurchaseModel, type PurchaseParameters, purchaseModels } from './purchase-likelihood.ts';
import type { PurchaseRows } from './purchase-rows.ts';

/** Why there is no prediction although a fit may be possible: too little that it could stand on. */
export type Gate =
  | 'too_few_buyers'
  | 'too_short_history'
  | 'no_recent_order'
  | 'too_few_frequent_buyers'
  | 'value_depends_on_frequency'
  | 'no_mean_value';

export interface ValueData {
  readonly purchases: PurchaseRows;
  /** The history without the holdout. */
  readonly calibration: PurchaseRows;
  /** Purchases in the holdout of those of the calibration. */
  readonly holdoutOrders: number;
  readonly spend: readonly SpendRow[];
}

export interface Holdout {
  readonly days: number;
  readonly orders: number;
  readonly expectedOrders: number;
}

export interface PurchaseResult {
  readonly model: PurchaseModel;
  readonly fit: Fit<PurchaseParameters> | { readonly status: 'refused'; readonly reason: Gate };
  readonly holdout: Holdout | undefined;
}

export interface SpendResult {
  readonly fit: Fit<SpendParameters> | { readonly status: 'refused'; readonly reason: Gate | Refusal };
  readonly correlation: number | undefined;
  readonly customers: number;
}

export const daysPerUnit = ({ time_unit }: Pick<ValueSettings, 'time_unit'>): number =>
  time_unit === 'week' ? 7 : 1;

/** Both models of buying are fitted, so that they can be compared; customers are scored by the one that is chosen. */
export function fitPurchaseModels(data: ValueData, settings: ValueSettings): readonly PurchaseResult[] {
  const gate = gateOf(data.purchases, settings);
  return purchaseModels.map((model) => ({
    model,
    fit: gate
      ? { status: 'refused', reason: gate }
      : fitPurchases(model, data.purchases, daysPerUnit(settings)),
    holdout: gate ? undefined : holdoutOf(model, data, settings),
  }));
}

/** The first thing of which there is too little. */
export function gateOf(rows: PurchaseRows, settings: ValueSettings): Gate | undefined {
  let [history, sinceLast, frequent] = [0, Number.POSITIVE_INFINITY, 0];
  for (let row = 0; row < rows.size; row += 1) {
    const age = rows.ageDays[row] ?? 0;
    history = Math.max(history, age);
    sinceLast = Math.min(sinceLast, age - (rows.recencyDays[row] ?? 0));
    frequent += (rows.frequency[row] ?? 0) >= 2 ? (rows.customers[row] ?? 0) : 0;
  }
  const gates: readonly (readonly [Gate, boolean])[] = [
    ['too_few_buyers', rows.countCustomers < settings.minimum_buyers],
    ['too_short_history', history < settings.minimum_history_days],
    ['no_recent_order', sinceLast > settings.recent_order_days],
    ['too_few_frequent_buyers', frequent < settings.minimum_frequent_buyers],
  ];
  return gates.find(([, isShut]) => isShut)?.[0];
}

/** What a fit of the history without its last days expects of them. Undefined where that history is too little to fit. */
function holdoutOf(
  model: PurchaseModel,
  { calibration, holdoutOrders }: ValueData,
  settings: ValueSettings,
): Holdout | undefined {
  const unit = daysPerUnit(settings);
  const isEnough = calibration.countCustomers >= settings.minimum_buyers;
  const fit = isEnough ? fitPurchases(model, calibration, unit) : undefined;
  if (fit?.status !== 'fitted') {
    return undefined;
  }
  const days = settings.holdout_days;
  const expectedOrders = expectedOf(model, fit.parameters, calibration, unit, days);
  return { days, orders: holdoutOrders, expectedOrders };
}

function expectedOf(
  model: PurchaseModel,
  parameters: PurchaseParameters,
  rows: PurchaseRows,
  unit: number,
  days: number,
): number {
  let sum = 0;
  for (const { frequency, ageDays, from, to } of frequencyAges(rows)) {
    const age = ageDays / unit;
    const orders = ordersIfAlive(model, parameters, frequency)(age, days / unit);
    for (let row = from; row < to; row += 1) {
      const recency = (rows.recencyDays[row] ?? 0) / unit;
      const alive = aliveProbability(model, parameters, { frequency, recency, age });
      sum += (rows.customers[row] ?? 0) * alive * orders;
    }
  }
  return sum;
}

export interface FrequencyAge {
  readonly frequency: number;
  readonly ageDays: number;
  readonly from: number;
  readonly to: number;
}

/** The pairs of frequency and age that occur, with their rows: what a customer who is alive does depends on no more. */
export function frequencyAges({ size, frequency, ageDays }: PurchaseRows): readonly FrequencyAge[] {
  const pairs: FrequencyAge[] = [];
  for (let from = 0; from < size; ) {
    let to = from;
    while (to < size && frequency[to] === frequency[from] && ageDays[to] === ageDays[from]) {
      to += 1;
    }
    pairs.push({ frequency: frequency[from] ?? 0, ageDays: ageDays[from] ?? 0, from, to });
    from = to;
  }
  return pairs;
}

/** Gamma-Gamma, which takes how often and for how much customers buy to have nothing to do with each other. */
export function fitSpendModel({ purchases, spend }: ValueData, settings: ValueSettings): SpendResult {
  const customers = spend.reduce((sum, row) => sum + row.customers, 0);
  const correlation = correlationOf(spend);
  const gate =
    gateOf(purchases, settings) ??
    (correlation !== undefined && correlation >= settings.maximum_correlation
      ? 'value_depends_on_frequency'
      : undefined);
  if (gate) {
    return { fit: { status: 'refused', reason: gate }, correlation, customers };
  }
  const fit = fitSpend(spend);
  const isWithoutMean = fit.status === 'fitted' && fit.parameters.q <= 1;
  return {
    fit: isWithoutMean ? { status: 'refused', reason: 'no_mean_value' } : fit,
    correlation,
    customers,
  };
}

/** Pearson's, of frequency and mean value over customers; undefined where one of them never differs. */
export function correlationOf(spend: readonly SpendRow[]): number | undefined {
  const weighted = (of: (row: SpendRow) => number): number =>
    spend.reduce((sum, row) => sum + row.customers * of(row), 0);
  const customers = weighted(() => 1);
  const meanX = weighted(({ frequency }) => frequency) / customers;
  const meanY = weighted(({ frequency, amount }) => amount / frequency) / customers;
  const x = ({ frequency }: SpendRow) => frequency - meanX;
  const y = ({ frequency, amount }: SpendRow) => amount / frequency - meanY;
  const spread = Math.sqrt(weighted((row) => x(row) ** 2) * weighted((row) => y(row) ** 2));
  return spread > 0 ? weighted((row) => x(row) * y(row)) / spread : undefined;
}
