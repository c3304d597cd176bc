/** A function of several variables at a point. */
export interface Evaluation {
  readonly value: number;
  readonly gradient: readonly number[];
}

export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
  /** The largest partial derivative at the point, without its sign. */
  readonly gradientNorm: number;
  readonly iterations: number;
  readonly hasConverged: boolean;
}

export interface MinimiseOptions {
  readonly gradientTolerance?: number;
  readonly mostIterations?: number;
  /** No variable leaves [-bound, bound]: beyond it the function is taken for infinite. */
  readonly bound?: number;
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

const norm = (gradient: readonly number[]): number => Math.max(...gradient.map(Math.abs));

/**
 * BFGS (Nocedal and Wright, Numerical Optimization, 2006, chapter 6): smooth functions
 * of a few variables, with their gradient. The same start gives the same answer, bit by bit.
 */
export function minimise(
  evaluate: (point: readonly number[]) => Evaluation,
  start: readonly number[],
  { gradientTolerance = 1e-8, mostIterations = 200, bound = 25 }: MinimiseOptions = {},
): Minimum {
  let point = start;
  let here = evaluate(point);
  let inverse = identity(start.length);
  let isFresh = true;
  let iterations = 0;
  while (norm(here.gradient) > gradientTolerance && iterations < mostIterations) {
    const direction = inverse.map((row) => -dot(row, here.gradient));
    const next = searchLine(evaluate, point, here, direction, bound);
    if (!next) {
      if (isFresh) {
        break;
      }
      // the curvature that was learnt misleads: once more, downhill
      inverse = identity(start.length);
      isFresh = true;
      continue;
    }
    inverse = updated(
      isFresh ? undefined : inverse,
      minus(next.point, point),
      minus(next.there.gradient, here.gradient),
    );
    isFresh = false;
    point = next.point;
    here = next.there;
    iterations += 1;
  }
  const gradientNorm = norm(here.gradient);
  return {
    point,
    value: here.value,
    gradientNorm,
    iterations,
    hasConverged: gradientNorm <= gradientTolerance,
  };
}

const minus = (a: readonly number[], b: readonly number[]): readonly number[] =>
  a.map((value, index) => value - (b[index] ?? 0));

const identity = (size: number): readonly (readonly number[])[] =>
  Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (__, column) => (row === column ? 1 : 0)),
  );

/** The first step of a search is no longer than this: the variables are logarithms. */
const LONGEST_STEP = 2;
const MOST_TRIES = 60;

/** A step that falls enough and flattens enough (weak Wolfe), by doubling and halving (Lewis and Overton 2013). */
function searchLine(
  evaluate: (point: readonly number[]) => Evaluation,
  point: readonly number[],
  here: Evaluation,
  direction: readonly number[],
  bound: number,
): Step | undefined {
  const slope = dot(direction, here.gradient);
  if (!(slope < 0)) {
    return undefined;
  }
  let [low, high] = [0, Number.POSITIVE_INFINITY];
  let length = Math.min(1, LONGEST_STEP / norm(direction));
  let best: Step | undefined;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const tried = point.map((value, index) => value + length * (direction[index] ?? 0));
    const there = norm(tried) > bound ? undefined : evaluate(tried);
    if (there && isLower(there, here, 1e-4 * length * slope)) {
      best = { point: tried, there };
      if (dot(direction, there.gradient) >= 0.9 * slope) {
        return best;
      }
      low = length;
    } else {
      high = length;
    }
    length = high < Number.POSITIVE_INFINITY ? (low + high) / 2 : 2 * low;
  }
  return best;
}

interface Step {
  readonly point: readonly number[];
  readonly there: Evaluation;
}

/** Near the end, differences of values drown in rounding, and those of gradients do not. */
function isLower(there: Evaluation, here: Evaluation, fall: number): boolean {
  const rounding = 1e-14 * Math.abs(here.value);
  return (
    there.value <= here.value + fall ||
    (there.value <= here.value + rounding && norm(there.gradient) < norm(here.gradient))
  );
}

/** The approximate inverse of the matrix of second derivatives, after a step that changed the gradient. */
function updated(
  inverse: readonly (readonly number[])[] | undefined,
  step: readonly number[],
  change: readonly number[],
): readonly (readonly number[])[] {
  const curvature = dot(step, change);
  if (!(curvature > 1e-14 * Math.sqrt(dot(step, step) * dot(change, change)))) {
    return inverse ?? identity(step.length);
  }
  const scale = curvature / dot(change, change);
  const before = inverse ?? identity(step.length).map((row) => row.map((value) => value * scale));
  const moved = before.map((row) => dot(row, change));
  const factor = (1 + dot(change, moved) / curvature) / curvature;
  return before.map((row, i) =>
    row.map(
      (value, j) =>
        value +
        factor * (step[i] ?? 0) * (step[j] ?? 0) -
        ((moved[i] ?? 0) * (step[j] ?? 0) + (step[i] ?? 0) * (moved[j] ?? 0)) / curvature,
    ),
  );
}
