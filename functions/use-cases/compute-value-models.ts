import { ValueSettings } from '../core/configuration.ts';
import { ordersIfAlive, ordersOfHorizon } from '../core/statistics/expected-orders.ts';
import type { SpendRow } from '../core/statistics/fit-spend.ts';
import { type PurchaseRow, type PurchaseRows, purchaseRowsOf } from '../core/statistics/purchase-rows.ts';
import {
  daysPerUnit,
  fitPurchaseModels,
  fitSpendModel,
  frequencyAges,
  type PurchaseResult,
  type SpendResult,
} from '../core/statistics/value-models.ts';
import type { Warehouse, WarehouseRow } from '../ports/warehouse.ts';

/** Mean of the months of four years. */
const DAYS_PER_MONTH = 365.25 / 12;

async function settingsOf(warehouse: Warehouse): Promise<ValueSettings> {
  const [row] =
    await warehouse.rows(`select model, purchase, time_unit, horizon_months, discount_rate, holdout_days,
    minimum_buyers, minimum_history_days, recent_order_days, minimum_frequent_buyers, maximum_correlation from value_settings`);
  const { model, purchase, time_unit, ...numbers } = row ?? {};
  const counted = Object.entries(numbers).map(([name, value]) => [name, Number(value)]);
  return ValueSettings.parse({ model, purchase, time_unit, ...Object.fromEntries(counted) });
}

/** The rows of `value_model_parameters`: fits of buying and spending, with how they went. */
export async function valueModelParameters(warehouse: Warehouse): Promise<readonly WarehouseRow[]> {
  const settings = await settingsOf(warehouse);
  const calibration = await patternsOf(warehouse, 'calibration');
  const data = {
    purchases: (await patternsOf(warehouse, 'all')).rows,
    calibration: calibration.rows,
    holdoutOrders: calibration.holdoutOrders,
    spend: await spendOf(warehouse),
  };
  const purchases = fitPurchaseModels(data, settings).map((result) =>
    purchaseRow(result, data.purchases, settings),
  );
  return [...purchases, spendRow(fitSpendModel(data, settings), data.spend.length, settings)];
}

/** The rows of `value_model_expectations`; none where nothing could be fitted. */
export async function valueModelExpectations(warehouse: Warehouse): Promise<readonly WarehouseRow[]> {
  const settings = await settingsOf(warehouse);
  const { horizon_months, discount_rate, model } = settings;
  const [used] = await warehouse.rows(
    `select r, alpha, a, b from value_model_parameters where model = '${model}' and r is not null`,
  );
  if (!used) {
    return [];
  }
  const [r = 0, alpha = 0, a = 0, b = 0] = [used.r, used.alpha, used.a, used.b].map(Number);
  const unit = daysPerUnit(settings);
  const horizon = { months: horizon_months, month: DAYS_PER_MONTH / unit, discountRate: discount_rate };
  const { rows } = await patternsOf(warehouse, 'all');
  let within = { frequency: -1, orders: ordersIfAlive(model, { r, alpha, a, b }, 0) };
  return frequencyAges(rows).map(({ frequency, ageDays }) => {
    if (within.frequency !== frequency) {
      within = { frequency, orders: ordersIfAlive(model, { r, alpha, a, b }, frequency) };
    }
    const { orders, discounted } = ordersOfHorizon(within.orders, ageDays / unit, horizon);
    return { frequency, age_days: ageDays, alive_orders: orders, alive_discounted_orders: discounted };
  });
}

const numbersOf = (list: unknown): readonly number[] => String(list).split(' ').map(Number);

async function patternsOf(
  warehouse: Warehouse,
  sample: 'all' | 'calibration',
): Promise<{ readonly rows: PurchaseRows; readonly holdoutOrders: number }> {
  const patterns = await warehouse.rows(
    `select frequency, age_days, recencies, customers, holdout_orders from int_purchase_patterns where sample = '${sample}'`,
  );
  const rows = patterns.flatMap((pattern): readonly PurchaseRow[] => {
    const customers = numbersOf(pattern.customers);
    return numbersOf(pattern.recencies).map((recencyDays, index) => ({
      frequency: Number(pattern.frequency),
      recencyDays,
      ageDays: Number(pattern.age_days),
      customers: customers[index] ?? 0,
    }));
  });
  const holdoutOrders = patterns.reduce((sum, pattern) => sum + Number(pattern.holdout_orders), 0);
  return { rows: purchaseRowsOf(rows), holdoutOrders };
}

/** In an order of its own: a sum of many logarithms depends on it in its last digits. */
async function spendOf(warehouse: Warehouse): Promise<readonly SpendRow[]> {
  const spends = await warehouse.rows('select frequency, hundredths, customers from int_repeat_spends');
  const rows = spends.flatMap((spend): readonly SpendRow[] => {
    const customers = numbersOf(spend.customers);
    return numbersOf(spend.hundredths).map((hundredths, index) => ({
      frequency: Number(spend.frequency),
      amount: hundredths / 100,
      customers: customers[index] ?? 0,
    }));
  });
  return rows.sort((a, b) => a.frequency - b.frequency || a.amount - b.amount);
}

function purchaseRow(
  { model, fit, holdout }: PurchaseResult,
  rows: PurchaseRows,
  settings: ValueSettings,
): WarehouseRow {
  return {
    ...settingsRow(settings),
    ...fitRow(fit),
    model,
    is_used: fit.status === 'fitted' && model === settings.model,
    count_customers: rows.countCustomers,
    count_rows: rows.size,
    holdout_days: holdout?.days,
    holdout_orders: holdout?.orders,
    holdout_expected_orders: holdout?.expectedOrders,
    holdout_error: holdout && holdout.orders > 0 ? holdout.expectedOrders / holdout.orders - 1 : undefined,
  };
}

function spendRow(
  { fit, correlation, customers }: SpendResult,
  countRows: number,
  settings: ValueSettings,
): WarehouseRow {
  return {
    ...settingsRow(settings),
    ...fitRow(fit),
    model: 'gamma_gamma',
    is_used: fit.status === 'fitted',
    count_customers: customers,
    count_rows: countRows,
    value_correlation: correlation,
  };
}

const settingsRow = (settings: ValueSettings): WarehouseRow => ({
  time_unit: settings.time_unit,
  days_per_unit: daysPerUnit(settings),
  horizon_months: settings.horizon_months,
  discount_rate: settings.discount_rate,
});

function fitRow(fit: PurchaseResult['fit'] | SpendResult['fit']): WarehouseRow {
  return fit.status === 'fitted'
    ? {
        ...fit.parameters,
        log_likelihood: fit.logLikelihood,
        iterations: fit.iterations,
        gradient_norm: fit.gradientNorm,
        has_converged: true,
      }
    : { has_converged: false, null_reason: fit.reason };
}
