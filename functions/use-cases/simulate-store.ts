import { ConfigurationError } from '../core/errors.ts';
import { createCalendar } from '../core/simulation/calendar.ts';
import { createCatalogue } from '../core/simulation/catalogue.ts';
import { simulatePerson } from '../core/simulation/journey.ts';
import { createRandom } from '../core/simulation/random.ts';
import { truthFiles } from '../core/simulation/source-files.ts';
import { writeProducts, writeSpendOfDay } from '../core/simulation/spend.ts';
import { createStoreWriter } from '../core/simulation/store-writer.ts';
import { simulateStrangers } from '../core/simulation/strangers.ts';
import { createTruth, type Truth } from '../core/simulation/truth.ts';
import { createClicks, type World } from '../core/simulation/world.ts';
import type { FileSink } from '../ports/file-sink.ts';

export interface SimulationOptions {
  /** A whole number; the same seed writes the same bytes. */
  readonly seed: number;
  /** Persons, most of whom never buy. */
  readonly customers: number;
  /** First local day, YYYY-MM-DD. */
  readonly from: string;
  readonly months: number;
  /** No season, inflation or dirt: orders follow BG/NBD and Gamma-Gamma exactly. */
  readonly pure: boolean;
  /** Instead of `customers`: persons are added until about so many lines are written. */
  readonly touchpoints?: number;
}

export const defaultSimulation: SimulationOptions = {
  seed: 1,
  customers: 2000,
  from: '2024-07-01',
  months: 24,
  pure: false,
};

export interface SimulationProgress {
  readonly customers: number;
  readonly touchpoints: number;
  /** Share of the work that is done, 0 to 1. */
  readonly share: number;
}

const bufferLength = 256 * 1024;
const maxCustomers = 30_000_000;

/** Writes a simulated store's files to the sink, one per source, and what is true of them; then closes it. */
export async function simulateStore(
  options: SimulationOptions,
  sink: FileSink,
  onProgress: (progress: SimulationProgress) => void = () => undefined,
): Promise<Truth> {
  checkOptions(options);
  const world = createWorld(options);
  writeProducts(world);
  const customers = await writePersons({ options, world, sink, onProgress });
  for (let day = 0; day < world.calendar.countDays; day += 1) writeSpendOfDay(world, day);
  world.out.finish();
  await drain(world, sink, 1);
  const truth = createTruth(world, { from: options.from, months: options.months, customers });
  await sink.write(truthFiles.truth, `${JSON.stringify(truth, null, 2)}\n`);
  await sink.close();
  return truth;
}

interface PersonsRun {
  readonly options: SimulationOptions;
  readonly world: World;
  readonly sink: FileSink;
  readonly onProgress: (progress: SimulationProgress) => void;
}

async function writePersons({ options, world, sink, onProgress }: PersonsRun): Promise<number> {
  const { out } = world;
  const share = (customers: number): number =>
    options.touchpoints === undefined
      ? customers / options.customers
      : out.countTouchpoints() / options.touchpoints;
  let customers = 0;
  while (share(customers) < 1 && customers < maxCustomers) {
    simulatePerson(world, customers);
    simulateStrangers(world, customers);
    customers += 1;
    if (customers % 16 === 0) await drain(world, sink, bufferLength);
    if (customers % 500 === 0) {
      onProgress({ customers, touchpoints: out.countTouchpoints(), share: Math.min(share(customers), 1) });
    }
  }
  onProgress({ customers, touchpoints: out.countTouchpoints(), share: 1 });
  return customers;
}

async function drain(world: World, sink: FileSink, minimum: number): Promise<void> {
  for (const { file, text } of world.out.take(minimum)) await sink.write(file, text);
}

function createWorld({ seed, from, months, pure }: SimulationOptions): World {
  const calendar = createCalendar({ from, months, isPure: pure });
  return {
    seed,
    calendar,
    catalogue: createCatalogue(createRandom(seed, -3)),
    out: createStoreWriter(seed, pure),
    referrals: [],
    clicks: createClicks(calendar.countDays),
  };
}

function checkOptions({ seed, customers, from, months, touchpoints }: SimulationOptions): void {
  const checkCount = (name: string, value: number, limit: number): void => {
    if (Number.isSafeInteger(value) && value >= 1 && value <= limit) return;
    throw new ConfigurationError(`simulate: ${name} is ${value}`, `Give a whole number from 1 to ${limit}.`);
  };
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new ConfigurationError(`simulate: seed is ${seed}`, 'Give a whole number from 0.');
  }
  checkCount('customers', customers, maxCustomers);
  checkCount('months', months, 120);
  if (touchpoints !== undefined) checkCount('touchpoints', touchpoints, 2_000_000_000);
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(from) ? new Date(`${from}T00:00:00Z`) : undefined;
  if (parsed === undefined || Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(from)) {
    throw new ConfigurationError(`simulate: from is ${from}`, 'Give a day that exists, as YYYY-MM-DD.');
  }
}
