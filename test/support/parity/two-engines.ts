import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { silentTelemetry } from '../../../functions/adapters/console-telemetry.ts';
import { DuckdbWarehouse } from '../../../functions/adapters/duckdb-warehouse.ts';
import type { Catalogue } from '../../../functions/core/catalogue.ts';
import type { Configuration } from '../../../functions/core/configuration.ts';
import type { Model } from '../../../functions/core/model-definition.ts';
import { mapSideBySide } from '../../../functions/core/run-graph.ts';
import type { CheckReport } from '../../../functions/core/run-report.ts';
import type { Columns, Warehouse } from '../../../functions/ports/warehouse.ts';
import { buildRelations, shapeOf } from '../../../functions/use-cases/build-relations.ts';
import { mirrorLake } from '../../../functions/use-cases/mirror-lake.ts';
import {
  inputColumns,
  type PreparedInputs,
  prepareInputs,
} from '../../../functions/use-cases/prepare-inputs.ts';
import type { TestLake } from '../test-lake.ts';
import type { AthenaBuild, AthenaPlace } from './athena-place.ts';
import { type Comparison, compareRelation } from './relation-difference.ts';

/** What is built from a lake. */
export interface Plan {
  readonly catalogue: Catalogue;
  readonly configuration: Configuration;
  readonly asOf: Date | undefined;
}

export interface BuiltOn<W extends Warehouse> {
  readonly warehouse: W;
  readonly inputs: PreparedInputs;
  readonly checks: readonly CheckReport[];
}

const DOWNLOADS_AT_ONCE = 8;
/** The relation that collects the rows of every KPI select. */
const kpiResults = 'kpi_results';

/** One lake, built by DuckDB where it lies and by Athena over its copy in S3. */
export class TwoEngines {
  readonly plan: Plan;
  readonly duckdb: BuiltOn<DuckdbWarehouse>;
  readonly athena: BuiltOn<AthenaBuild['warehouse']>;
  readonly #build: AthenaBuild;
  readonly #place: AthenaPlace;
  readonly #folder: string;

  private constructor(
    plan: Plan,
    built: {
      readonly duckdb: BuiltOn<DuckdbWarehouse>;
      readonly athena: BuiltOn<AthenaBuild['warehouse']>;
      readonly build: AthenaBuild;
      readonly place: AthenaPlace;
      readonly folder: string;
    },
  ) {
    this.plan = plan;
    this.duckdb = built.duckdb;
    this.athena = built.athena;
    this.#build = built.build;
    this.#place = built.place;
    this.#folder = built.folder;
  }

  static async build(lake: TestLake, plan: Plan, place: AthenaPlace): Promise<TwoEngines> {
    await mirrorLake(lake.store, place.store, silentTelemetry);
    const duckdb = await DuckdbWarehouse.open(lake.settings, 'parity');
    const build = await place.openBuild();
    try {
      const [here, there] = await Promise.all([
        buildOn(duckdb, lake.store, plan),
        buildOn(build.warehouse, place.store, plan),
      ]);
      const folder = join(lake.folder, 'athena');
      return new TwoEngines(plan, { duckdb: here, athena: there, build, place, folder });
    } catch (error) {
      duckdb.close();
      await build.discard();
      throw error;
    }
  }

  /** Every relation that was built, the intermediate ones too. */
  async compare(): Promise<readonly Comparison[]> {
    const { models } = this.plan.catalogue;
    const stored = await mapSideBySide(models, this.#place.settings.side_by_side, (model) =>
      this.#storedName(model),
    );
    const comparisons: Comparison[] = [];
    for (const [index, model] of models.entries()) {
      comparisons.push(await this.compareStored(model, model.name, stored[index] ?? ''));
    }
    const columns = inputColumns(this.plan.catalogue)[kpiResults] ?? {};
    const key = ['kpi_id', 'lifecycle_id', 'grain', 'period_start', 'segment_type', 'segment_value'];
    comparisons.push(
      await this.#compare({ name: kpiResults, columns, key }, kpiResults, `work/${kpiResults}`),
    );
    return comparisons;
  }

  /** A model's rows in a relation of DuckDB, and in a folder of the run in S3. */
  compareStored(model: Model, duckdb: string, folder: string): Promise<Comparison> {
    const { columns } = shapeOf(model);
    return this.#compare({ name: model.name, columns, key: model.definition.grain }, duckdb, folder);
  }

  async close(): Promise<void> {
    this.duckdb.warehouse.close();
    await this.#build.discard();
  }

  /** Where the rows of a model lie; those of a view are stored only now. */
  async #storedName(model: Model): Promise<string> {
    if (model.definition.materialise === 'table') {
      return `${model.layer === 'marts' ? 'marts' : 'work'}/${model.name}`;
    }
    const name = `${model.name}__seen`;
    await this.athena.warehouse.replaceTable(name, `select * from ${model.name}`, false, shapeOf(model));
    return `work/${name}`;
  }

  async #compare(
    relation: { readonly name: string; readonly columns: Columns; readonly key: readonly string[] },
    duckdb: string,
    folder: string,
  ): Promise<Comparison> {
    const athena = await this.#download(folder);
    return compareRelation(this.duckdb.warehouse, { ...relation, duckdb, athena });
  }

  async #download(folder: string): Promise<readonly string[]> {
    const { store, clients } = this.#place;
    const objects = await store.listObjects(`runs/${this.#build.runId}/${folder}/`);
    const local = join(this.#folder, folder);
    await mkdir(local, { recursive: true });
    return mapSideBySide(
      objects.filter(({ bytes }) => bytes > 0),
      DOWNLOADS_AT_ONCE,
      async ({ key }) => {
        const path = join(local, key.replaceAll('/', '_'));
        const { Body } = await clients.s3.send(
          new GetObjectCommand({ Bucket: new URL(this.#place.settings.root).hostname, Key: key }),
        );
        await pipeline(Body as Readable, createWriteStream(path));
        return path;
      },
    );
  }
}

async function buildOn<W extends Warehouse>(
  warehouse: W,
  store: TestLake['store'],
  { catalogue, configuration, asOf }: Plan,
): Promise<BuiltOn<W>> {
  const inputs = await prepareInputs(warehouse, store, catalogue, configuration, asOf);
  const { checks } = await buildRelations(warehouse, catalogue, undefined, silentTelemetry);
  return { warehouse, inputs, checks };
}

/** Without the audits, for a lake that is only compared. */
export function withoutAudits(catalogue: Catalogue): Catalogue {
  const models = catalogue.models.map((model) => {
    const columns = Object.entries(model.definition.columns).map(
      ([name, column]) => [name, { ...column, checks: [] as typeof column.checks }] as const,
    );
    return {
      ...model,
      definition: { ...model.definition, checks: [], columns: Object.fromEntries(columns) },
    };
  });
  return { ...catalogue, models };
}
