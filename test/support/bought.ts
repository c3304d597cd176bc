import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beta, createRandom, exponential, gamma } from '../../functions/core/simulation/random.ts';
import type { SpendParameters, SpendRow } from '../../functions/core/statistics/fit-spend.ts';
import type { PurchaseParameters } from '../../functions/core/statistics/purchase-likelihood.ts';
import { distinctPurchases, type PurchaseRows } from '../../functions/core/statistics/purchase-rows.ts';
import { realFiles } from './real-data.ts';

const DAY = 86_400_000;

/** The customers of the CDNOW sample and their days with what they paid on them, read without the project's own import. */
export function cdnowCustomers(until: string): {
  readonly rows: PurchaseRows;
  readonly spend: readonly SpendRow[];
} {
  const end = Date.parse(until) / DAY;
  const customers = new Map<string, Map<number, number>>();
  const text = gunzipSync(readFileSync(realFiles.cdnow)).toString('latin1');
  for (const line of text.trim().split('\n')) {
    const [, customer = '', date = '', , dollars] = line.trim().split(/\s+/);
    const day = Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`) / DAY;
    const days = customers.get(customer) ?? new Map<number, number>();
    if (day <= end) {
      customers.set(customer, days.set(day, (days.get(day) ?? 0) + Number(dollars)));
    }
  }
  const bought = [...customers.values()].map((days) => {
    const [first = 0, ...later] = [...days.keys()].sort((a, b) => a - b);
    const amount = later.reduce((sum, day) => sum + (days.get(day) ?? 0), 0);
    return { frequency: later.length, recency: (later.at(-1) ?? first) - first, age: end - first, amount };
  });
  const column = (of: (row: (typeof bought)[number]) => number) => Int32Array.from(bought, of);
  return {
    rows: distinctPurchases(
      column(({ frequency }) => frequency),
      column(({ recency }) => recency),
      column(({ age }) => age),
    ),
    spend: bought.map(({ frequency, amount }) => ({ frequency, amount, customers: 1 })),
  };
}

export interface SimulatedCustomers {
  readonly frequency: Int32Array;
  readonly recencyDays: Int32Array;
  readonly ageDays: Int32Array;
  /** Of all repeat purchases together. */
  readonly amounts: Float64Array;
}

/** Customers of a BG/NBD and a Gamma-Gamma model, as many as wanted, who came within the first `arrivalDays`. */
export function simulateCustomers(
  customers: number,
  buying: PurchaseParameters,
  spending: SpendParameters,
  { days, arrivalDays, seed }: { readonly days: number; readonly arrivalDays: number; readonly seed: number },
): SimulatedCustomers {
  const random = createRandom(seed, 1);
  const frequency = new Int32Array(customers);
  const recencyDays = new Int32Array(customers);
  const ageDays = new Int32Array(customers);
  const amounts = new Float64Array(customers);
  for (let customer = 0; customer < customers; customer += 1) {
    const age = days - Math.floor(random.next() * arrivalDays);
    const rate = gamma(random, buying.r, buying.alpha);
    const leaving = beta(random, buying.a, buying.b);
    const scale = gamma(random, spending.q, spending.gamma);
    let [time, last, count, amount] = [0, 0, 0, 0];
    for (;;) {
      time += exponential(random, rate);
      if (time > age) {
        break;
      }
      // on the grid of days a purchase is one of its own day, as the model knows none that coincide
      last = Math.min(age, Math.max(last + 1, Math.round(time)));
      count += 1;
      amount += gamma(random, spending.p, scale);
      if (random.next() < leaving) {
        break;
      }
    }
    frequency[customer] = count;
    recencyDays[customer] = last;
    ageDays[customer] = age;
    amounts[customer] = Math.round(amount * 100) / 100;
  }
  return { frequency, recencyDays, ageDays, amounts };
}
