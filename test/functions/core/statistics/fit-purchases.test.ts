import { describe, expect, it } from 'vitest';
import { fitPurchases } from '../../../../functions/core/statistics/fit-purchases.ts';
import {
  type PurchaseModel,
  purchaseModels,
  purchaseObjective,
} from '../../../../functions/core/statistics/purchase-likelihood.ts';
import {
  distinctPurchases,
  type PurchaseRow,
  purchaseRowsOf,
} from '../../../../functions/core/statistics/purchase-rows.ts';
import { logLikelihoodByIntegral } from '../../../oracle/buying.ts';
import { cdnowCustomers, simulateCustomers } from '../../../support/bought.ts';
import { expectedFigures, hasRealData } from '../../../support/real-data.ts';

const WEEK = 7;

const starts = [
  { r: 1, alpha: 1, a: 1, b: 1 },
  { r: 0.01, alpha: 100, a: 5, b: 0.1 },
  { r: 3, alpha: 0.1, a: 0.05, b: 20 },
  { r: 0.2, alpha: 5, a: 30, b: 30 },
];

const atLog = ({ r, alpha, a, b }: (typeof starts)[number]) => [r, alpha, a, b].map(Math.log);

const row = (frequency: number, recencyDays: number, ageDays: number, customers = 1): PurchaseRow => ({
  frequency,
  recencyDays,
  ageDays,
  customers,
});

const fitted = (model: PurchaseModel, rows: readonly PurchaseRow[]) =>
  fitPurchases(model, purchaseRowsOf(rows), WEEK);

describe('the likelihood of purchases', () => {
  const cases = [row(0, 0, 140), row(1, 7, 8), row(2, 213, 272), row(26, 216, 217), row(5, 70, 252)];

  it.each(purchaseModels.flatMap((model) => cases.map((bought) => [model, bought] as const)))(
    'of %s is the integral over all rates and chances of leaving: %o',
    (model, bought) => {
      const buying = { r: 0.6, alpha: 5.5, a: 0.85, b: 2.1 };

      const { value } = purchaseObjective(model, purchaseRowsOf([bought]), WEEK)(atLog(buying));

      const { frequency, recencyDays, ageDays } = bought;
      const history = { frequency, recency: recencyDays / WEEK, age: ageDays / WEEK };
      expect(-value).toBeCloseTo(logLikelihoodByIntegral(buying, history, model === 'mbg_nbd'), 9);
    },
  );

  it.each(purchaseModels)('of %s has the gradient that its differences show', (model) => {
    const evaluate = purchaseObjective(model, purchaseRowsOf(cases), WEEK);
    const point = [0.1, 0.5, -0.3, 0.8];
    const step = 1e-5;

    const differences = point.map((_, index) => {
      const moved = (by: number) => evaluate(point.map((value, at) => value + (at === index ? by : 0))).value;
      return (moved(step) - moved(-step)) / (2 * step);
    });

    for (const [index, slope] of evaluate(point).gradient.entries()) {
      expect(slope).toBeCloseTo(differences[index] ?? Number.NaN, 8);
    }
  });

  it('of rows that are counted is that of the customers one by one', () => {
    const customers = [row(2, 20, 50), row(0, 0, 10), row(2, 20, 50), row(0, 0, 30)];
    const column = (of: (bought: PurchaseRow) => number) => Int32Array.from(customers, of);

    const folded = distinctPurchases(
      column(({ frequency }) => frequency),
      column(({ recencyDays }) => recencyDays),
      column(({ ageDays }) => ageDays),
    );

    expect({ size: folded.size, customers: [...folded.customers] }).toEqual({
      size: 3,
      customers: [1, 1, 2],
    });
    const evaluate = (rows: typeof folded) => purchaseObjective('bg_nbd', rows, WEEK)([0, 0, 0, 0]).value;
    expect(evaluate(folded)).toBeCloseTo(evaluate(purchaseRowsOf(customers)), 14);
  });
});

describe('fitPurchases', () => {
  const hasData = hasRealData();

  it.runIf(hasData)('finds the published parameters of CDNOW, from wherever it begins', () => {
    const { rows } = cdnowCustomers('1997-09-30');
    const published = expectedFigures().cdnow['published_bgnbd_to_1997-09-30'];

    for (const start of [undefined, ...starts]) {
      const fit = fitPurchases('bg_nbd', rows, WEEK, start);

      expect(fit).toMatchObject({ status: 'fitted' });
      if (fit.status === 'fitted') {
        const { r, alpha, a, b } = fit.parameters;
        expect([r, alpha, a, b].map((value) => Number(value.toFixed(3)))).toEqual([
          published.r,
          published.alpha,
          published.a,
          published.b,
        ]);
        expect(Number(fit.logLikelihood.toFixed(1))).toBe(published.log_likelihood);
        expect(fit.gradientNorm).toBeLessThan(1e-8);
      }
    }
  });

  it.runIf(hasData)('agrees with Python lifetimes 0.11.3 on MBG/NBD, and days only scale alpha', () => {
    const { rows } = cdnowCustomers('1997-09-30');

    const weeks = fitPurchases('mbg_nbd', rows, WEEK);
    const days = fitPurchases('mbg_nbd', rows, 1);

    if (weeks.status !== 'fitted' || days.status !== 'fitted') {
      throw new Error('not fitted');
    }
    expect(weeks.parameters.r).toBeCloseTo(0.52484, 5);
    expect(weeks.parameters.alpha).toBeCloseTo(6.18308, 4);
    expect(weeks.parameters.a).toBeCloseTo(0.89136, 5);
    expect(weeks.parameters.b).toBeCloseTo(1.614, 4);
    expect(days.parameters.alpha / weeks.parameters.alpha).toBeCloseTo(WEEK, 5);
    expect(days.parameters.b).toBeCloseTo(weeks.parameters.b, 5);
  });

  it('recovers the parameters that made 60,000 customers', () => {
    const buying = { r: 0.85, alpha: 62, a: 0.9, b: 3.1 };
    const { frequency, recencyDays, ageDays } = simulateCustomers(
      60_000,
      buying,
      { p: 4, q: 3.8, gamma: 1050 },
      { days: 1460, arrivalDays: 730, seed: 11 },
    );

    const fit = fitPurchases('bg_nbd', distinctPurchases(frequency, recencyDays, ageDays), 1);

    if (fit.status !== 'fitted') {
      throw new Error(fit.reason);
    }
    for (const [name, value] of Object.entries(buying)) {
      const found = fit.parameters[name as keyof typeof buying];
      expect(Math.abs(found / value - 1), `${name} ${found}`).toBeLessThan(0.05);
    }
  });

  it('refuses by name what it cannot fit', () => {
    const refusal = (rows: readonly PurchaseRow[]) => {
      const fit = fitted('bg_nbd', rows);
      return fit.status === 'refused' ? fit.reason : 'fitted';
    };

    expect(refusal([])).toBe('too_few_buyers');
    expect(refusal([row(1, 10, 20, 9)])).toBe('too_few_buyers');
    expect(refusal([row(0, 0, 20, 500), row(0, 0, 30, 500)])).toBe('no_repeat_purchases');
    expect(refusal([row(3, 10, 20, 5000)])).toBe('all_identical');
  });

  it('refuses data of which the best parameters are infinite: all buy alike and none leaves', () => {
    const evenly = Array.from({ length: 40 }, (_, week) =>
      row(10 + week, 7 * (10 + week), 7 * (10 + week), 25),
    );

    expect(fitted('bg_nbd', evenly)).toEqual({ status: 'refused', reason: 'no_maximum' });
  });
});
