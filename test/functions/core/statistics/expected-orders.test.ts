import { describe, expect, it } from 'vitest';
import {
  aliveProbability,
  expectedValue,
  ordersIfAlive,
  ordersOfHorizon,
} from '../../../../functions/core/statistics/expected-orders.ts';
import { purchaseModels } from '../../../../functions/core/statistics/purchase-likelihood.ts';
import { aliveByIntegral, ordersByIntegral } from '../../../oracle/buying.ts';

const buying = { r: 0.6, alpha: 5.5, a: 0.79292183, b: 2.42590573 };

const histories = [
  { frequency: 0, recency: 0, age: 38.86 },
  { frequency: 2, recency: 30.43, age: 38.86 },
  { frequency: 26, recency: 30.86, age: 31 },
  { frequency: 1, recency: 0.5, age: 1 },
];

describe.each(purchaseModels)('what %s expects', (model) => {
  it.each(histories)('is the mean over all rates and chances of leaving: %o', (history) => {
    const alive = aliveProbability(model, buying, history);
    const orders = alive * ordersIfAlive(model, buying, history.frequency)(history.age, 39);

    const mayLeaveAtFirst = model === 'mbg_nbd';
    expect(alive / aliveByIntegral(buying, history, mayLeaveAtFirst)).toBeCloseTo(1, 9);
    expect(orders / ordersByIntegral(buying, history, 39, mayLeaveAtFirst)).toBeCloseTo(1, 9);
  });

  it('passes a = 1 without a jump', () => {
    const at = (a: number) => ordersIfAlive(model, { ...buying, a }, 3)(10, 52);

    expect(at(1)).toBeCloseTo(at(1 + 1e-9), 7);
    expect(at(1)).toBeCloseTo(at(1 - 1e-9), 7);
  });

  it('is nothing within no time, and finite for a thousand orders within ten years', () => {
    expect(ordersIfAlive(model, buying, 3)(10, 0)).toBe(0);
    const many = ordersIfAlive(model, buying, 1000)(10, 520);
    // no more than the rate of so far would make
    expect(many).toBeGreaterThan(1000);
    expect(many).toBeLessThan((520 * (1000 + buying.r)) / (10 + buying.alpha));
  });
});

describe('aliveProbability', () => {
  it('of a one-time buyer is 1 in BG/NBD, and falls in MBG/NBD', () => {
    const once = { frequency: 0, recency: 0, age: 52 };

    expect(aliveProbability('bg_nbd', buying, once)).toBe(1);
    expect(aliveProbability('mbg_nbd', buying, once)).toBeLessThan(
      aliveProbability('mbg_nbd', buying, { ...once, age: 4 }),
    );
  });
});

describe('expectedValue', () => {
  it('agrees with Python lifetimes 0.11.3: of nobody known the mean, of many orders nearly their own', () => {
    const spending = { p: 6.2495722776, q: 3.7442246748, gamma: 15.4435210184 };

    expect(expectedValue(spending, 0, 0)).toBeCloseTo(35.1703713, 6);
    expect(expectedValue(spending, 2, 50)).toBeCloseTo(26.8309459, 6);
    expect(expectedValue(spending, 26, 650)).toBeCloseTo(25.1689116, 6);
  });
});

describe('ordersOfHorizon', () => {
  it('discounts each month at its end', () => {
    const oneADay = (_age: number, time: number) => time;

    const { orders, discounted } = ordersOfHorizon(oneADay, 0, { months: 2, month: 30, discountRate: 0.21 });

    expect(orders).toBe(60);
    expect(discounted).toBeCloseTo(30 / 1.21 ** (1 / 12) + 30 / 1.21 ** (1 / 6), 10);
  });

  it('adds up to the whole without a discount', () => {
    const within = ordersIfAlive('bg_nbd', buying, 2);

    const { orders, discounted } = ordersOfHorizon(within, 20, { months: 12, month: 4.35, discountRate: 0 });

    expect(orders).toBe(within(20, 12 * 4.35));
    expect(discounted).toBeCloseTo(orders, 12);
  });
});
