import { describe, expect, it } from 'vitest';
import { minimise } from '../../../../functions/core/statistics/minimise.ts';

/** Rosenbrock's valley, bent and flat; its minimum is at (1, 1). */
const valley = ([x = 0, y = 0]: readonly number[]) => ({
  value: (1 - x) ** 2 + 100 * (y - x ** 2) ** 2,
  gradient: [-2 * (1 - x) - 400 * x * (y - x ** 2), 200 * (y - x ** 2)],
});

describe('minimise', () => {
  it.each([
    [-1.2, 1],
    [3, -3],
    [0, 20],
  ])('follows a bent valley from (%d, %d) to its one minimum', (...start) => {
    const found = minimise(valley, start);

    expect(found.hasConverged).toBe(true);
    expect(found.gradientNorm).toBeLessThanOrEqual(1e-8);
    expect(found.point[0]).toBeCloseTo(1, 7);
    expect(found.point[1]).toBeCloseTo(1, 7);
  });

  it('says that it has not arrived when its iterations are used up', () => {
    const found = minimise(valley, [-1.2, 1], { mostIterations: 3 });

    expect(found).toMatchObject({ hasConverged: false, iterations: 3 });
  });

  it('never leaves the bound of a function that falls for ever', () => {
    const falling = ([x = 0]: readonly number[]) => ({ value: -x, gradient: [-1] });

    const found = minimise(falling, [0], { bound: 5 });

    expect(found.hasConverged).toBe(false);
    expect(found.point[0]).toBeLessThanOrEqual(5);
  });

  it('stays where it begins when that is the minimum', () => {
    expect(minimise(valley, [1, 1])).toMatchObject({ point: [1, 1], iterations: 0, hasConverged: true });
  });
});
