import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentTelemetry } from '../../functions/adapters/console-telemetry.ts';
import { DuckdbConnection, literal } from '../../functions/adapters/duckdb-connection.ts';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { FolderObjectStore } from '../../functions/adapters/folder-object-store.ts';
import { loadCatalogue } from '../../functions/adapters/model-files.ts';
import { readConfiguration } from '../../functions/core/configuration.ts';
import type { ModelReport } from '../../functions/core/run-report.ts';
import { buildRelations } from '../../functions/use-cases/build-relations.ts';
import { prepareInputs } from '../../functions/use-cases/prepare-inputs.ts';
import { type BenchLake, writeBenchLake } from './bench-lake.ts';
import { type Measured, measure, median, peakMegabytes, seconds } from './measure.ts';

const settings = (temporaryDirectory: string) => ({ memoryLimit: '2GB', threads: 2, temporaryDirectory });

/** The floor: one sorted copy of three columns, from the same Parquet. */
async function floor(lake: BenchLake, temporaryDirectory: string): Promise<Measured> {
  const connection = await DuckdbConnection.open(
    join(temporaryDirectory, `floor-${Date.now()}.duckdb`),
    settings(temporaryDirectory),
  );
  const paths = literal(join(lake.root, 'lake/raw/touchpoints/*/*/*.parquet'));
  try {
    return await measure(() =>
      connection.run(
        `create table sorted as select user_id as customer_id, occurred_at, event from read_parquet(${paths}) order by 1, 2`,
      ),
    );
  } finally {
    connection.close();
  }
}

interface BuildMeasured extends Measured {
  readonly models: readonly ModelReport[];
}

async function build(lake: BenchLake, temporaryDirectory: string): Promise<BuildMeasured> {
  // what a lifecycle costs on top is a part of its own
  const catalogue = { ...(await loadCatalogue()), lifecycles: [] };
  const store = new FolderObjectStore(lake.root);
  const path = join(temporaryDirectory, `built-${Date.now()}.duckdb`);
  const warehouse = await DuckdbWarehouse.open(settings(temporaryDirectory), 'bench', path);
  try {
    const built: ModelReport[] = [];
    const measured = await measure(async () => {
      await prepareInputs(warehouse, store, catalogue, readConfiguration('', 'bench'), undefined);
      const { models, checks } = await buildRelations(warehouse, catalogue, undefined, silentTelemetry);
      const failed = checks.filter(({ status }) => status === 'fail');
      if (failed.length > 0) {
        throw new Error(
          `the bench lake does not pass its audits: ${failed.map(({ check }) => check).join(', ')}`,
        );
      }
      await warehouse.finish();
      built.push(...models);
    });
    return { ...measured, models: built };
  } finally {
    warehouse.close();
    await rm(path, { force: true });
  }
}

/** The dearest models of a round, and what is spent outside them: inputs and audits. */
function dearestText({ models, cpuSeconds }: BuildMeasured): string {
  const dearest = [...models].sort((a, b) => (b.cpuSeconds ?? 0) - (a.cpuSeconds ?? 0)).slice(0, 12);
  const rest = cpuSeconds - models.reduce((sum, model) => sum + (model.cpuSeconds ?? 0), 0);
  const lines = dearest.map((model) => {
    const megabytes = model.bytes === undefined ? '' : `, ${(model.bytes / 1e6).toFixed(0)} MB`;
    return `    ${model.model}: ${seconds(model.cpuSeconds ?? 0)}, ${model.rows} rows${megabytes}`;
  });
  return [...lines, `    inputs and audits: ${seconds(rest)}`].join('\n');
}

/** All models at a size, beside the floor of the same run. */
export async function benchBuild(touchpoints: number, rounds: number): Promise<void> {
  const temporaryDirectory = await mkdtemp(join(tmpdir(), 'dongu-bench-'));
  try {
    const lake = {
      root: join(temporaryDirectory, 'home'),
      touchpoints,
      customers: Math.max(1, Math.round(touchpoints / 10)),
    };
    await mkdir(lake.root, { recursive: true });
    await writeBenchLake(lake, temporaryDirectory);
    const floors: number[] = [];
    const builds: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const least = await floor(lake, temporaryDirectory);
      const built = await build(lake, temporaryDirectory);
      floors.push(least.cpuSeconds);
      builds.push(built.cpuSeconds);
      console.log(`  round ${round}: ${seconds(built.cpuSeconds)} CPU, floor ${seconds(least.cpuSeconds)}`);
      if (round === rounds) {
        console.log(dearestText(built));
      }
    }
    console.log(
      `  build, ${touchpoints} touchpoints: ${seconds(median(builds))} CPU, floor ${seconds(median(floors))}, ` +
        `${(median(builds) / median(floors)).toFixed(1)} times; peak memory so far ${peakMegabytes()} MB`,
    );
  } finally {
    await rm(temporaryDirectory, { recursive: true, force: true });
  }
}
