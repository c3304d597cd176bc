import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentTelemetry } from '../../functions/adapters/console-telemetry.ts';
import { DuckdbConnection, literal } from '../../functions/adapters/duckdb-connection.ts';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { FolderObjectStore } from '../../functions/adapters/folder-object-store.ts';
import { loadCatalogue } from '../../functions/adapters/model-files.ts';
import type { Catalogue } from '../../functions/core/catalogue.ts';
import { readConfiguration } from '../../functions/core/configuration.ts';
import { selectModels } from '../../functions/core/model-graph.ts';
import type { ModelReport } from '../../functions/core/run-report.ts';
import { buildRelations, readGraph } from '../../functions/use-cases/build-relations.ts';
import { prepareInputs } from '../../functions/use-cases/prepare-inputs.ts';
import { type BenchLake, writeBenchLake } from './bench-lake.ts';
import { benchLifecycle } from './bench-lifecycles.ts';
import { measure, median, peakMegabytes, seconds } from './measure.ts';

const relations = [
  'stage_memberships',
  'stage_transitions',
  'stage_occupancy',
  'stage_flows',
  'stage_dropoffs',
];

/** What stands without any lifecycle, so that its cost is not the engine's. */
const foundations = ['touchpoints', 'orders', 'customers', 'int_day_periods', 'int_local_slots'];

const settings = (temporaryDirectory: string) => ({ memoryLimit: '2GB', threads: 2, temporaryDirectory });

async function floor(lake: BenchLake, folder: string): Promise<number> {
  const connection = await DuckdbConnection.open(
    join(folder, `floor-${Date.now()}.duckdb`),
    settings(folder),
  );
  const paths = literal(join(lake.root, 'lake/raw/touchpoints/*/*/*.parquet'));
  const sorted = `create table sorted as select user_id as customer_id, occurred_at, event from read_parquet(${paths}) order by 1, 2`;
  try {
    return (await measure(() => connection.run(sorted))).cpuSeconds;
  } finally {
    connection.close();
  }
}

/** Builds what the five relations need and nothing else; answers the reports of their own models. */
async function build(
  lake: BenchLake,
  folder: string,
  lifecycles: readonly string[],
): Promise<readonly ModelReport[]> {
  const configuration = readConfiguration('', 'bench');
  const loaded = await loadCatalogue(configuration);
  const everything: Catalogue = {
    ...loaded,
    kpis: [],
    lifecycles: await Promise.all(lifecycles.map(benchLifecycle)),
  };
  const path = join(folder, `built-${Date.now()}.duckdb`);
  const warehouse = await DuckdbWarehouse.open(settings(folder), 'bench', path);
  try {
    const graph = await readGraph(warehouse, everything);
    const upstream = (names: readonly string[]) =>
      new Set(names.flatMap((name) => [...selectModels(`+${name}`, graph)]));
    const needed = upstream(relations);
    const given = upstream(foundations);
    const catalogue = { ...everything, models: loaded.models.filter(({ name }) => needed.has(name)) };
    await prepareInputs(warehouse, new FolderObjectStore(lake.root), catalogue, configuration, undefined);
    const { models, checks } = await buildRelations(warehouse, catalogue, undefined, silentTelemetry);
    const failed = checks.filter(({ status }) => status === 'fail').map(({ check }) => check);
    if (failed.length > 0) {
      throw new Error(`the bench lake does not pass its audits: ${failed.join(', ')}`);
    }
    return models.filter(({ model }) => !given.has(model));
  } finally {
    warehouse.close();
    await rm(path, { force: true });
  }
}

const costOf = (models: readonly ModelReport[]) =>
  models.reduce((sum, { cpuSeconds }) => sum + (cpuSeconds ?? 0), 0);

/** The five relations of one lifecycle, and of two, beside the floor of the same run. */
export async function benchLifecycles(touchpoints: number, rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dongu-bench-'));
  try {
    const lake = {
      root: join(folder, 'home'),
      touchpoints,
      customers: Math.max(1, Math.round(touchpoints / 10)),
    };
    await mkdir(lake.root, { recursive: true });
    await writeBenchLake(lake, folder);
    const floors: number[] = [];
    const ones: number[] = [];
    const twos: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      floors.push(await floor(lake, folder));
      const one = await build(lake, folder, ['first']);
      ones.push(costOf(one));
      twos.push(costOf(await build(lake, folder, ['first', 'second'])));
      if (round === rounds - 1) {
        const dearest = [...one].sort((a, b) => (b.cpuSeconds ?? 0) - (a.cpuSeconds ?? 0)).slice(0, 12);
        for (const { model, cpuSeconds, rows } of dearest) {
          console.log(`    ${model}: ${seconds(cpuSeconds ?? 0)}, ${rows} rows`);
        }
      }
    }
    console.log(
      `  lifecycle, ${touchpoints} touchpoints: one ${seconds(median(ones))} CPU, floor ${seconds(median(floors))}, ` +
        `${(median(ones) / median(floors)).toFixed(1)} times; two ${seconds(median(twos))}; peak memory ${peakMegabytes()} MB`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
