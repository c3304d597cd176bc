import { describe, expect, it } from 'vitest';
import {
  beta,
  createPicker,
  createRandom,
  exponential,
  gamma,
  geometric,
} from '../../../../functions/core/simulation/random.ts';

const count = 60_000;

function moments(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: count }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  return { mean, variance };
}

/** Within four standard errors of the mean, and 10 % of the variance. */
function expectMoments(draw: () => number, mean: number, variance: number): void {
  const found = moments(draw);

  expect(Math.abs(found.mean - mean)).toBeLessThan(4 * Math.sqrt(variance / count));
  expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.1);
}

describe('createRandom', () => {
  it('gives the same numbers for the same seed and stream, and others for any other', () => {
    const take = (seed: number, stream: number) => {
      const random = createRandom(seed, stream);
      return Array.from({ length: 5 }, random.next);
    };

    expect(take(7, 3)).toEqual(take(7, 3));
    expect(take(7, 3)).not.toEqual(take(7, 4));
    expect(take(7, 3)).not.toEqual(take(8, 3));
  });

  it('is uniform between 0 and 1, ends excluded', () => {
    const random = createRandom(1, 1);

    expectMoments(random.next, 1 / 2, 1 / 12);
  });
});

describe('samplers', () => {
  it.each([
    [0.3, 2],
    [0.85, 62],
    [1, 1],
    [4, 0.5],
  ])('draws Gamma(%f, %f) with its mean and variance', (shape, rate) => {
    const random = createRandom(11, 1);

    expectMoments(() => gamma(random, shape, rate), shape / rate, shape / rate ** 2);
  });

  it.each([
    [0.9, 3.1],
    [5, 2],
    [0.5, 0.5],
  ])('draws Beta(%f, %f) with its mean and variance', (a, b) => {
    const random = createRandom(12, 1);

    expectMoments(() => beta(random, a, b), a / (a + b), (a * b) / ((a + b) ** 2 * (a + b + 1)));
  });

  it('draws exponential and geometric numbers with their means', () => {
    const random = createRandom(13, 1);

    expectMoments(() => exponential(random, 0.25), 4, 16);
    expectMoments(() => geometric(random, 0.6), 1.5, 3.75);
  });

  it('picks in proportion to the weights and never an item of weight 0', () => {
    const random = createRandom(14, 1);
    const pick = createPicker([
      ['never', 0],
      ['once', 1],
      ['thrice', 3],
    ] as const);

    const picked = Array.from({ length: 20_000 }, () => pick(random));

    expect(picked).not.toContain('never');
    expect(picked.filter((item) => item === 'thrice').length / 20_000).toBeCloseTo(0.75, 1);
  });
});
