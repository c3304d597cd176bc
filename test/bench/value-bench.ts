import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import {
  aliveProbability,
  expectedValue,
  ordersIfAlive,
  ordersOfHorizon,
} from '../../functions/core/statistics/expected-orders.ts';
import { fitPurchases } from '../../functions/core/statistics/fit-purchases.ts';
import type { PurchaseParameters } from '../../functions/core/statistics/purchase-likelihood.ts';
import { distinctPurchases } from '../../functions/core/statistics/purchase-rows.ts';
import { cacheFolderOf, keepInCache } from '../support/bed/bed-cache.ts';
import { type Environment, runCommand, runFilling } from '../support/bed/command.ts';
import { findPython } from '../support/bed/machine-tools.ts';
import { type SimulatedCustomers, simulateCustomers } from '../support/bought.ts';
import { measure, median, seconds } from './measure.ts';

const script = fileURLToPath(new URL('lifetimes-peer.py', import.meta.url));
const requirements = ['lifetimes==0.11.3', 'pandas'];

const buying = { r: 0.85, alpha: 62, a: 0.9, b: 3.1 };
const spending = { p: 4, q: 3.8, gamma: 1050 };
/** As lifetimes counts: months of thirty days, and a discount by the month. */
const MONTH = 30;
const MONTHLY_DISCOUNT = 0.01;

interface Peer {
  readonly parameters: PurchaseParameters;
  readonly logLikelihood: number;
  readonly fitSeconds: number;
  readonly valueSeconds: number;
  readonly values: number;
}

/** Python with lifetimes in a virtual environment that is made once; undefined, with a notice, where there is none. */
async function lifetimesPython(environment: Environment): Promise<string | undefined> {
  try {
    await findPython(environment);
    const folder = await keepInCache(cacheFolderOf(environment), {
      name: 'lifetimes-0.11.3',
      neededBytes: 1e9,
      fill: async ({ folder: staging, content, work }) => {
        await runFilling(staging, 'python3', ['-m', 'venv', content], environment);
        const install = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
        await runFilling(staging, join(content, 'bin', 'python'), [...install, ...requirements], {
          ...environment,
          TMPDIR: work,
        });
      },
    });
    return join(folder, 'bin', 'python');
  } catch (error) {
    console.log(
      `  value: without its peer, because ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}

async function writeCustomers(path: string, customers: SimulatedCustomers): Promise<void> {
  const { frequency, recencyDays, ageDays, amounts } = customers;
  function* lines(): Generator<string> {
    yield 'frequency,recency,age,monetary_value\n';
    for (let index = 0; index < frequency.length; index += 1) {
      const count = frequency[index] ?? 0;
      const mean = count === 0 ? 0 : (amounts[index] ?? 0) / count;
      yield `${count},${recencyDays[index]},${ageDays[index]},${mean}\n`;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
}

/** From the customers one by one, as lifetimes is given them, to the parameters. */
function fitOf({ frequency, recencyDays, ageDays }: SimulatedCustomers) {
  const fitted = fitPurchases('bg_nbd', distinctPurchases(frequency, recencyDays, ageDays), 1);
  if (fitted.status !== 'fitted') {
    throw new Error(`the simulated customers could not be fitted: ${fitted.reason}`);
  }
  return fitted;
}

/** The worth of twelve months of each customer. */
function valuesOf(
  { frequency, recencyDays, ageDays, amounts }: SimulatedCustomers,
  parameters: PurchaseParameters,
): readonly number[] {
  const horizon = { months: 12, month: MONTH, discountRate: (1 + MONTHLY_DISCOUNT) ** 12 - 1 };
  const within = new Map<number, ReturnType<typeof ordersIfAlive>>();
  const discounted = new Map<number, number>();
  return Array.from(frequency, (count, index) => {
    const age = ageDays[index] ?? 0;
    const key = count * 100_000 + age;
    const orders = within.get(count) ?? ordersIfAlive('bg_nbd', parameters, count);
    within.set(count, orders);
    const expected = discounted.get(key) ?? ordersOfHorizon(orders, age, horizon).discounted;
    discounted.set(key, expected);
    const history = { frequency: count, recency: recencyDays[index] ?? 0, age };
    const alive = aliveProbability('bg_nbd', parameters, history);
    return alive * expected * expectedValue(spending, count, amounts[index] ?? 0);
  });
}

/** BG/NBD and the value of twelve months of so many customers, beside Python lifetimes on the same ones. */
export async function benchValues(
  customers: number,
  rounds: number,
  environment: Environment,
): Promise<void> {
  const made = simulateCustomers(customers, buying, spending, { days: 1095, arrivalDays: 1000, seed: 8 });
  let found = fitOf(made);
  let values: readonly number[] = [];
  const fits: number[] = [];
  const scores: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const fitted = await measure(async () => {
      found = fitOf(made);
    });
    const scored = await measure(async () => {
      values = valuesOf(made, found.parameters);
    });
    fits.push(fitted.cpuSeconds);
    scores.push(scored.cpuSeconds);
  }
  const total = values.reduce((sum, value) => sum + value, 0);
  console.log(
    `  value, ${customers} customers: fit ${seconds(median(fits))} CPU, values of 12 months ${seconds(median(scores))}`,
  );
  const python = await lifetimesPython(environment);
  if (!python) {
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'dongu-bench-'));
  try {
    const path = join(folder, 'customers.csv');
    await writeCustomers(path, made);
    const { p, q, gamma } = spending;
    const text = await runCommand(
      python,
      [script, path, String(p), String(q), String(gamma), String(MONTHLY_DISCOUNT)],
      environment,
    );
    const peer = JSON.parse(text) as Peer;
    console.log(
      `    lifetimes: fit ${seconds(peer.fitSeconds)}, ${(peer.fitSeconds / median(fits)).toFixed(0)} times; values ${seconds(peer.valueSeconds)}, ` +
        `${(peer.valueSeconds / median(scores)).toFixed(0)} times; log-likelihood ${(found.logLikelihood - peer.logLikelihood).toFixed(4)} above its own ` +
        `(${found.logLikelihood.toFixed(2)}); sum of values ${((100 * total) / peer.values - 100).toFixed(4)} % off`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
