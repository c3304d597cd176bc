import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { silentTelemetry } from '../../functions/adapters/console-telemetry.ts';
import {
  DuckdbConnection,
  type DuckdbSettings,
  literal,
} from '../../functions/adapters/duckdb-connection.ts';
import { DuckdbLanding } from '../../functions/adapters/duckdb-landing.ts';
import { DuckdbLedger } from '../../functions/adapters/duckdb-ledger.ts';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { FolderObjectStore } from '../../functions/adapters/folder-object-store.ts';
import { localInputFiles } from '../../functions/adapters/local-input-files.ts';
import { loadCatalogue } from '../../functions/adapters/model-files.ts';
import { loadFacts, loadLandingTexts, loadSource } from '../../functions/adapters/project-files.ts';
import { type Configuration, readConfiguration } from '../../functions/core/configuration.ts';
import type { Landing } from '../../functions/ports/landing.ts';
import type { LedgerCounts } from '../../functions/ports/ledger.ts';
import type { ObjectStore } from '../../functions/ports/object-store.ts';
import type { QueuedMessage } from '../../functions/ports/queue.ts';
import type { Warehouse } from '../../functions/ports/warehouse.ts';
import { buildRelations } from '../../functions/use-cases/build-relations.ts';
import { type Compacted, type CompactPorts, compactLake } from '../../functions/use-cases/compact-lake.ts';
import { type ImportedFile, type ImportPorts, importFiles } from '../../functions/use-cases/import-files.ts';
import { type LandAgainMode, type LandedAgain, landAgain } from '../../functions/use-cases/land-again.ts';
import { type LandedBatch, landBatch } from '../../functions/use-cases/land-batch.ts';
import { prepareInputs } from '../../functions/use-cases/prepare-inputs.ts';
import { coreCatalogue } from './core-catalogue.ts';

export type LakeRow = Readonly<Record<string, unknown>>;

export interface LakeParameters {
  readonly asOf: Date;
  readonly timeZone: string;
  readonly currency: string;
  readonly activityEvent: string;
  /** Without them, the sector's own. */
  readonly lifecycles?: readonly string[];
  /** Builds the core marts alone (core-catalogue.ts). */
  readonly isCore?: boolean;
}

/** Clock readings of imports: after anything that happens in the data, a second apart. */
const FIRST_IMPORT = Date.parse('2035-01-01T00:00:00Z');

const fixedKey = { identityKey: async () => Buffer.alloc(32, 7) };

/** Files of the program, which no test changes: read once, not for every world. */
const facts = loadFacts();
const landingTexts = loadLandingTexts();
const catalogues = new Map<string, ReturnType<typeof loadCatalogue>>();

/** The catalogue of a configuration, as it was when it was first asked for. */
function catalogueOf(configuration: Configuration, isCore = false): ReturnType<typeof loadCatalogue> {
  const key = JSON.stringify([configuration, isCore]);
  const load = isCore ? coreCatalogue : loadCatalogue;
  const loaded = catalogues.get(key) ?? load(configuration);
  catalogues.set(key, loaded);
  return loaded;
}

function configurationOf({ timeZone, currency, activityEvent, lifecycles }: LakeParameters): Configuration {
  const reporting = { time_zone: timeZone, currency };
  const settings = { reporting, activity_event: activityEvent, ...(lifecycles && { lifecycles }) };
  return readConfiguration(JSON.stringify(settings), 'world');
}

/** The real import, ledger and models over a lake in one folder, with a clock and a key that are always the same. */
export class TestLake {
  readonly folder: string;
  readonly store: ObjectStore;
  readonly settings: DuckdbSettings;
  #time = FIRST_IMPORT;

  private constructor(folder: string, store: ObjectStore, threads: number) {
    this.folder = folder;
    this.store = store;
    this.settings = { memoryLimit: '1GB', threads, temporaryDirectory: join(folder, 'spill') };
  }

  /**
   * The lake lies in `folder/home`; the project's own sources are looked for in `folder`. Over so few rows a second
   * thread only waits for the first.
   */
  static async open(
    folder: string,
    wrap = (store: ObjectStore): ObjectStore => store,
    threads = 1,
  ): Promise<TestLake> {
    const lake = new TestLake(folder, wrap(new FolderObjectStore(join(folder, 'home'))), threads);
    await mkdir(lake.settings.temporaryDirectory, { recursive: true });
    return lake;
  }

  async import(source: string, ...paths: readonly string[]): Promise<readonly ImportedFile[]> {
    return importFiles(paths, await loadSource(source, this.folder), await facts, await this.#ports());
  }

  async landAgain(mode: LandAgainMode, source: string): Promise<LandedAgain> {
    return landAgain(mode, await loadSource(source, this.folder), await facts, await this.#ports());
  }

  async landBatch(
    messages: readonly QueuedMessage[],
    landing?: Landing,
    warn: (text: string) => void = () => undefined,
    hasTime?: () => boolean,
  ): Promise<LandedBatch> {
    return landBatch(messages, {
      landing: landing ?? (await this.landing()),
      store: this.store,
      telemetry: { warn },
      hasTime,
      loadSource: (name) => loadSource(name, this.folder),
      facts: await facts,
    });
  }

  async compact(): Promise<Compacted> {
    return compactLake(await this.compactPorts());
  }

  async compactPorts(): Promise<CompactPorts> {
    const relations = ['touchpoints', ...Object.keys(await facts)];
    const newAttempt = () => randomUUID();
    return {
      store: this.store,
      landing: await this.landing(),
      telemetry: silentTelemetry,
      relations,
      newAttempt,
    };
  }

  async landing(): Promise<Landing> {
    return new DuckdbLanding(this.settings, await landingTexts, fixedKey);
  }

  async ledger(): Promise<readonly LedgerCounts[]> {
    return new DuckdbLedger(this.store, this.settings, Object.keys(await facts)).count();
  }

  /** The rows of a zone, such as `quarantine` or `raw/touchpoints`. */
  async rowsOf(zone: string, select = 'select * from zone'): Promise<readonly LakeRow[]> {
    const keys = await this.store.list(`lake/${zone}`);
    if (keys.length === 0) {
      return [];
    }
    const paths = keys.map((key) => literal(this.store.localPath(key))).join(', ');
    const connection = await DuckdbConnection.open(':memory:', this.settings);
    try {
      return await connection.rows(
        `with zone as (from read_parquet([${paths}], union_by_name = true)) ${select}`,
      );
    } finally {
      connection.close();
    }
  }

  /** Builds every relation, or the selected with what they read; throws when an audit fails, and lets `work` read the marts. */
  async build<T>(
    parameters: LakeParameters,
    work: (warehouse: Warehouse) => Promise<T>,
    select?: string,
  ): Promise<T> {
    const configuration = configurationOf(parameters);
    const catalogue = await catalogueOf(configuration, parameters.isCore);
    const warehouse = await DuckdbWarehouse.open(this.settings, 'world');
    try {
      await prepareInputs(warehouse, this.store, catalogue, configuration, parameters.asOf);
      const { checks } = await buildRelations(warehouse, catalogue, select, silentTelemetry);
      const failed = checks.filter(({ status }) => status === 'fail');
      if (failed.length > 0) {
        throw new Error(
          failed
            .map((check) => `audit ${check.model}: ${check.check} ${JSON.stringify(check.offending)}`)
            .join('\n'),
        );
      }
      return await work(warehouse);
    } finally {
      warehouse.close();
    }
  }

  /** All rows of every mart. */
  async marts(parameters: LakeParameters): Promise<Record<string, readonly LakeRow[]>> {
    const { models } = await catalogueOf(configurationOf(parameters), parameters.isCore);
    const names = models.filter(({ layer }) => layer === 'marts').map(({ name }) => name);
    return this.build(parameters, async (warehouse) => {
      const relations: Record<string, readonly LakeRow[]> = {};
      for (const name of names) {
        relations[name] = await warehouse.rows(`select * from ${name}`);
      }
      return relations;
    });
  }

  async #ports(): Promise<ImportPorts> {
    return {
      inputFiles: localInputFiles,
      landing: await this.landing(),
      store: this.store,
      clock: {
        now: () => {
          this.#time += 1000;
          return new Date(this.#time);
        },
      },
      telemetry: silentTelemetry,
    };
  }
}
