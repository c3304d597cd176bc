import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentTelemetry } from '../../functions/adapters/console-telemetry.ts';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { loadCatalogue } from '../../functions/adapters/model-files.ts';
import { readConfiguration } from '../../functions/core/configuration.ts';
import { sourceFiles } from '../../functions/core/simulation/source-files.ts';
import type { Truth } from '../../functions/core/simulation/truth.ts';
import type { FileSink } from '../../functions/ports/file-sink.ts';
import { buildRelations } from '../../functions/use-cases/build-relations.ts';
import { prepareInputs } from '../../functions/use-cases/prepare-inputs.ts';
import { defaultSimulation, simulateStore } from '../../functions/use-cases/simulate-store.ts';
import { TestLake } from '../support/test-lake.ts';
import { measure, seconds } from './measure.ts';

/** The store's orders alone: visits are most of its bytes, and say nothing of buying. */
function ordersOnly(path: string): FileSink {
  const stream = createWriteStream(path);
  return {
    write: (file, text) =>
      new Promise((resolve, reject) => {
        if (file !== sourceFiles.orders.file) resolve();
        else stream.write(text, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}

/** The parameters that made a pure store, found again by import and run: how far each is off. */
export async function benchRecovery(persons: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dongu-bench-'));
  try {
    const path = join(folder, sourceFiles.orders.file);
    const truth = await simulateStore(
      { ...defaultSimulation, customers: persons, pure: true },
      ordersOnly(path),
    );
    const lake = await TestLake.open(folder);
    await lake.import('orders', path);
    const found = await fittedParameters(lake, new Date(truth.ends_at));
    const off = Object.entries(trueParameters(truth)).map(([name, value]) => {
      const share = Number(found.row[name]) / value - 1;
      return `${name} ${(100 * share).toFixed(2)} %${Math.abs(share) > 0.03 ? ' (more than 3)' : ''}`;
    });
    console.log(
      `  recovery, ${persons} persons, ${found.row.count_customers} buyers: ${off.join(', ')}; run ${seconds(found.cpuSeconds)} CPU`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function trueParameters({ model: { purchases, spend } }: Truth): Readonly<Record<string, number>> {
  const { r, alpha, a, b } = purchases;
  const { p, q, gamma } = spend;
  return { r, alpha, a, b, p, q, gamma };
}

async function fittedParameters(lake: TestLake, asOf: Date) {
  // the store draws instants, and two of a day are two purchases
  const configuration = readConfiguration(
    'value: { model: bg_nbd, purchase: order, time_unit: day }',
    'bench',
  );
  const catalogue = await loadCatalogue(configuration);
  const warehouse = await DuckdbWarehouse.open(lake.settings, 'bench');
  try {
    await prepareInputs(warehouse, lake.store, catalogue, configuration, asOf);
    const { cpuSeconds } = await measure(() =>
      buildRelations(warehouse, catalogue, 'value_models', silentTelemetry),
    );
    const [row = {}] = await warehouse.rows(
      `select max(count_customers) as count_customers, ${['r', 'alpha', 'a', 'b', 'p', 'q', 'gamma'].map((name) => `max(${name}) as ${name}`).join(', ')}
       from value_models where is_used`,
    );
    return { row, cpuSeconds };
  } finally {
    warehouse.close();
  }
}
