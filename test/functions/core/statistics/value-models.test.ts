import { describe, expect, it } from 'vitest';
import { ValueSettings } from '../../../../functions/core/configuration.ts';
import type { SpendRow } from '../../../../functions/core/statistics/fit-spend.ts';
import { type PurchaseRow, purchaseRowsOf } from '../../../../functions/core/statistics/purchase-rows.ts';
import {
  correlationOf,
  fitPurchaseModels,
  fitSpendModel,
  frequencyAges,
  gateOf,
} from '../../../../functions/core/statistics/value-models.ts';
import { simulateCustomers } from '../../../support/bought.ts';

const settings = ValueSettings.parse({ minimum_buyers: 100 });

const row = (frequency: number, recencyDays: number, ageDays: number, customers: number): PurchaseRow => ({
  frequency,
  recencyDays,
  ageDays,
  customers,
});

/** A hundred buyers of half a year, the last order 30 days ago, one with three days of orders: just enough of each. */
const enough = [row(0, 0, 30, 99), row(2, 100, 180, 1)];

const gate = (rows: readonly PurchaseRow[]) => gateOf(purchaseRowsOf(rows), settings);

describe('gateOf', () => {
  it('lets through what is just enough', () => {
    expect(gate(enough)).toBeUndefined();
  });

  it.each([
    ['too_few_buyers', [row(0, 0, 30, 98), row(2, 100, 180, 1)]],
    ['too_short_history', [row(0, 0, 30, 99), row(2, 100, 179, 1)]],
    ['no_recent_order', [row(0, 0, 31, 99), row(2, 100, 180, 1)]],
    ['too_few_frequent_buyers', [row(0, 0, 30, 99), row(1, 100, 180, 1)]],
  ] as const)('says %s of one less', (reason, rows) => {
    expect(gate(rows)).toBe(reason);
  });
});

describe('fitPurchaseModels', () => {
  it('fits nothing behind a shut gate, nor a holdout of it', () => {
    const few = purchaseRowsOf([row(2, 100, 180, 50)]);
    const data = { purchases: few, calibration: few, holdoutOrders: 3, spend: [] };

    expect(fitPurchaseModels(data, settings)).toEqual(
      ['bg_nbd', 'mbg_nbd'].map((model) => ({
        model,
        fit: { status: 'refused', reason: 'too_few_buyers' },
        holdout: undefined,
      })),
    );
  });
});

describe('fitSpendModel', () => {
  const data = (spend: readonly SpendRow[]) => {
    const purchases = purchaseRowsOf(enough);
    return { purchases, calibration: purchases, holdoutOrders: 0, spend };
  };

  it('refuses values that grow with the frequency, and says how much', () => {
    const growing = Array.from({ length: 20 }, (_, index) => ({
      frequency: index + 1,
      amount: (index + 1) * (100 + 10 * index),
      customers: 2,
    }));

    const { fit, correlation, customers } = fitSpendModel(data(growing), settings);

    expect(fit).toEqual({ status: 'refused', reason: 'value_depends_on_frequency' });
    expect(correlation).toBeCloseTo(1, 12);
    expect(customers).toBe(40);
  });

  it('refuses values of which the mean of all is infinite', () => {
    const { frequency, amounts } = simulateCustomers(
      4000,
      { r: 2, alpha: 50, a: 0.9, b: 3.1 },
      { p: 4, q: 0.6, gamma: 1050 },
      { days: 700, arrivalDays: 300, seed: 3 },
    );
    const heavy = [...amounts].map((amount, index) => ({
      frequency: frequency[index] ?? 0,
      amount,
      customers: 1,
    }));
    const repeated = heavy.filter((one) => one.frequency > 0);

    expect(fitSpendModel(data(repeated), settings).fit).toEqual({
      status: 'refused',
      reason: 'no_mean_value',
    });
  });
});

describe('correlationOf', () => {
  it('is undefined where one of the two never differs', () => {
    const alike = [
      { frequency: 1, amount: 5, customers: 3 },
      { frequency: 2, amount: 10, customers: 3 },
    ];

    expect(correlationOf(alike)).toBeUndefined();
    expect(correlationOf([])).toBeUndefined();
  });

  it('counts customers, not rows', () => {
    const rows = [
      { frequency: 1, amount: 4, customers: 3 },
      { frequency: 2, amount: 4, customers: 1 },
      { frequency: 3, amount: 15, customers: 1 },
    ];
    const oneByOne = rows.flatMap((one) =>
      Array.from({ length: one.customers }, () => ({ ...one, customers: 1 })),
    );

    expect(correlationOf(rows)).toBeCloseTo(correlationOf(oneByOne) ?? Number.NaN, 14);
  });
});

describe('frequencyAges', () => {
  it('finds each pair once, with all of its rows', () => {
    const rows = purchaseRowsOf([row(1, 5, 9, 1), row(0, 0, 9, 1), row(1, 2, 9, 1), row(1, 2, 8, 1)]);

    expect(frequencyAges(rows)).toEqual([
      { frequency: 0, ageDays: 9, from: 0, to: 1 },
      { frequency: 1, ageDays: 8, from: 1, to: 2 },
      { frequency: 1, ageDays: 9, from: 2, to: 4 },
    ]);
  });
});
