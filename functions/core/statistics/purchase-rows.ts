/** Customers alike in what a purchase model knows of them, as one row. */
export interface PurchaseRow {
  /** Distinct days with an order after the first one. */
  readonly frequency: number;
  /** Whole days from the first order to the last. */
  readonly recencyDays: number;
  /** Whole days from the first order to the end of observation. */
  readonly ageDays: number;
  readonly customers: number;
}

/** Distinct rows in columns, in order of frequency, age and recency: what every evaluation of a likelihood walks through. */
export interface PurchaseRows {
  readonly size: number;
  readonly frequency: Int32Array;
  readonly recencyDays: Int32Array;
  readonly ageDays: Int32Array;
  readonly customers: Float64Array;
  readonly countCustomers: number;
}

export function purchaseRowsOf(rows: readonly PurchaseRow[]): PurchaseRows {
  return sortedByFrequency({
    size: rows.length,
    frequency: Int32Array.from(rows, ({ frequency }) => frequency),
    recencyDays: Int32Array.from(rows, ({ recencyDays }) => recencyDays),
    ageDays: Int32Array.from(rows, ({ ageDays }) => ageDays),
    customers: Float64Array.from(rows, ({ customers }) => customers),
  });
}

/** The rows of customers, one each, folded into distinct ones. */
export function distinctPurchases(
  frequency: Int32Array,
  recencyDays: Int32Array,
  ageDays: Int32Array,
): PurchaseRows {
  const days = 1 + ageDays.reduce((most, age) => Math.max(most, age), 0);
  const keys = Float64Array.from(
    frequency,
    (count, index) => (count * days + (ageDays[index] ?? 0)) * days + (recencyDays[index] ?? 0),
  ).sort();
  const distinct: number[] = [];
  const customers: number[] = [];
  for (const key of keys) {
    if (distinct.at(-1) === key) {
      customers[customers.length - 1] = (customers.at(-1) ?? 0) + 1;
    } else {
      distinct.push(key);
      customers.push(1);
    }
  }
  return {
    size: distinct.length,
    frequency: Int32Array.from(distinct, (key) => Math.floor(key / days / days)),
    recencyDays: Int32Array.from(distinct, (key) => key % days),
    ageDays: Int32Array.from(distinct, (key) => Math.floor(key / days) % days),
    customers: Float64Array.from(customers),
    countCustomers: keys.length,
  };
}

function sortedByFrequency(rows: Omit<PurchaseRows, 'countCustomers'>): PurchaseRows {
  const at = (column: Int32Array | Float64Array, index: number): number => column[index] ?? 0;
  const order = Uint32Array.from({ length: rows.size }, (_, index) => index).sort(
    (a, b) =>
      at(rows.frequency, a) - at(rows.frequency, b) ||
      at(rows.ageDays, a) - at(rows.ageDays, b) ||
      at(rows.recencyDays, a) - at(rows.recencyDays, b),
  );
  return {
    size: rows.size,
    frequency: Int32Array.from(order, (index) => at(rows.frequency, index)),
    recencyDays: Int32Array.from(order, (index) => at(rows.recencyDays, index)),
    ageDays: Int32Array.from(order, (index) => at(rows.ageDays, index)),
    customers: Float64Array.from(order, (index) => at(rows.customers, index)),
    countCustomers: rows.customers.reduce((sum, count) => sum + count, 0),
  };
}
