import { describe, expect, it } from 'vitest';
import { fitSpend, type SpendRow } from '../../../../functions/core/statistics/fit-spend.ts';
import { cdnowCustomers, simulateCustomers } from '../../../support/bought.ts';
import { expectedFigures, hasRealData } from '../../../support/real-data.ts';

const starts = [
  { p: 1, q: 1, gamma: 1 },
  { p: 20, q: 0.5, gamma: 100 },
  { p: 0.5, q: 12, gamma: 3 },
];

const refusal = (rows: readonly SpendRow[]) => {
  const fit = fitSpend(rows);
  return fit.status === 'refused' ? fit.reason : 'fitted';
};

describe('fitSpend', () => {
  it.runIf(hasRealData())('finds the published parameters of CDNOW, from wherever it begins', () => {
    const { spend } = cdnowCustomers('1997-09-30');
    const { p, q, gamma } = expectedFigures().cdnow.published_gamma_gamma;

    for (const start of [undefined, ...starts]) {
      const fit = fitSpend(spend, start);

      expect(fit).toMatchObject({ status: 'fitted' });
      if (fit.status === 'fitted') {
        expect(
          [fit.parameters.p, fit.parameters.q, fit.parameters.gamma].map((value) => Number(value.toFixed(2))),
        ).toEqual([p, q, gamma]);
        // Python lifetimes 0.11.3 on the same customers
        expect(fit.logLikelihood).toBeCloseTo(-4055.9177, 4);
      }
    }
  });

  it('recovers the parameters that made 60,000 customers', () => {
    const spending = { p: 4, q: 3.8, gamma: 1050 };
    const { frequency, amounts } = simulateCustomers(
      60_000,
      { r: 0.85, alpha: 62, a: 0.9, b: 3.1 },
      spending,
      { days: 1460, arrivalDays: 730, seed: 11 },
    );
    const rows = [...amounts].map((amount, index) => ({
      frequency: frequency[index] ?? 0,
      amount,
      customers: 1,
    }));

    const fit = fitSpend(rows);

    if (fit.status !== 'fitted') {
      throw new Error(fit.reason);
    }
    for (const [name, value] of Object.entries(spending)) {
      const found = fit.parameters[name as keyof typeof spending];
      expect(Math.abs(found / value - 1), `${name} ${found}`).toBeLessThan(0.05);
    }
  });

  it('leaves out who bought once or paid nothing', () => {
    const rows = Array.from({ length: 30 }, (_, index) => ({
      frequency: 1 + (index % 3),
      amount: 10 + index ** 1.5,
      customers: 1,
    }));
    const nothing = [
      { frequency: 0, amount: 0, customers: 400 },
      { frequency: 2, amount: 0, customers: 400 },
      { frequency: 2, amount: -5, customers: 400 },
    ];

    expect(fitSpend([...rows, ...nothing])).toEqual(fitSpend(rows));
  });

  it('refuses by name what it cannot fit', () => {
    expect(refusal([])).toBe('no_repeat_purchases');
    expect(refusal([{ frequency: 0, amount: 0, customers: 5000 }])).toBe('no_repeat_purchases');
    expect(refusal([{ frequency: 1, amount: 5, customers: 9 }])).toBe('too_few_buyers');
    expect(
      refusal([
        { frequency: 1, amount: 5, customers: 500 },
        { frequency: 2, amount: 10, customers: 500 },
      ]),
    ).toBe('all_identical');
  });
});
