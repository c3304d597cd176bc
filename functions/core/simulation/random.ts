/** A seeded source of uniform numbers in the open interval (0, 1). */
export interface Random {
  readonly next: () => number;
}

/** One round of the splitmix32 finaliser: spreads neighbouring seeds over all 32 bits. */
function scramble(value: number): number {
  let z = (value + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) | 0;
}

/**
 * The sfc32 generator, seeded by a run's seed and the number of a stream within it,
 * so that person 7 is the same person however many others are generated.
 */
export function createRandom(seed: number, stream: number): Random {
  let a = scramble(seed);
  let b = scramble(a ^ stream);
  let c = scramble(b ^ Math.floor(seed / 0x100000000));
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return ((sum >>> 0) + 0.5) / 4294967296;
  };
  for (let round = 0; round < 12; round += 1) next();
  return { next };
}

export function chance(random: Random, probability: number): boolean {
  return random.next() < probability;
}

/** A whole number from 0 to `limit - 1`. */
export function below(random: Random, limit: number): number {
  return Math.floor(random.next() * limit);
}

export function between(random: Random, low: number, high: number): number {
  return low + random.next() * (high - low);
}

export function itemAt<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${index} in a list of ${items.length}`);
  return item;
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return itemAt(items, below(random, items.length));
}

export type Picker<Item> = (random: Random) => Item;

/** Draws items in proportion to their weights. */
export function createPicker<Item>(weighted: readonly (readonly [Item, number])[]): Picker<Item> {
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
  return (random) => {
    let rest = random.next() * total;
    for (const [item, weight] of weighted) {
      rest -= weight;
      if (rest < 0) return item;
    }
    return itemAt(weighted, weighted.length - 1)[0];
  };
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(random.next())) * Math.cos(2 * Math.PI * random.next());
}

export function exponential(random: Random, rate: number): number {
  return -Math.log(random.next()) / rate;
}

/** How many successes before the first failure; mean = p / (1 - p). */
export function geometric(random: Random, successProbability: number): number {
  return Math.floor(Math.log(random.next()) / Math.log(successProbability));
}

/** Marsaglia and Tsang (2000), with the boost for shapes below 1; `rate` is the inverse of the scale. */
export function gamma(random: Random, shape: number, rate: number): number {
  if (shape < 1) return gamma(random, shape + 1, rate) * random.next() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / rate;
  }
}

export function beta(random: Random, a: number, b: number): number {
  const x = gamma(random, a, 1);
  return x / (x + gamma(random, b, 1));
}
