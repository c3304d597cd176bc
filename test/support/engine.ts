import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentTelemetry } from '../../functions/adapters/console-telemetry.ts';
import { DuckdbLanding } from '../../functions/adapters/duckdb-landing.ts';
import { DuckdbLedger } from '../../functions/adapters/duckdb-ledger.ts';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { FolderObjectStore } from '../../functions/adapters/folder-object-store.ts';
import { localInputFiles } from '../../functions/adapters/local-input-files.ts';
import { loadCatalogue } from '../../functions/adapters/model-files.ts';
import { loadFacts, loadLandingTexts, loadSource } from '../../functions/adapters/project-files.ts';
import { readConfiguration } from '../../functions/core/configuration.ts';
import { buildRelations } from '../../functions/use-cases/build-relations.ts';
import { importFiles } from '../../functions/use-cases/import-files.ts';
import { prepareInputs } from '../../functions/use-cases/prepare-inputs.ts';

export type EngineRow = Readonly<Record<string, unknown>>;

export interface EngineParameters {
  readonly asOf: Date;
  readonly timeZone: string;
  readonly currency: string;
  readonly activityEvent: string;
}

/** Clock readings of a world's imports: after anything that happens in it, a second apart. */
const FIRST_IMPORT = Date.parse('2035-01-01T00:00:00Z');

const settings = { memoryLimit: '1GB', threads: 2, temporaryDirectory: tmpdir() };
const fixedKey = { identityKey: async () => Buffer.alloc(32, 7) };

/** A folder for one test, removed when the work is done. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'dongu-test-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Imports each text as a file of the generic touchpoints source, in order, by the real landing, and builds every
 * relation. Answers the marts and the ledger with values as JSON knows them.
 */
export async function runWorld(
  csvTexts: readonly string[],
  parameters: EngineParameters,
): Promise<Record<string, readonly EngineRow[]>> {
  return withFolder(async (folder) => {
    const paths = await writeFiles(folder, csvTexts);
    return runFiles(folder, [['touchpoints', paths]], parameters);
  });
}

async function writeFiles(folder: string, texts: readonly string[]): Promise<readonly string[]> {
  await mkdir(join(folder, 'files'), { recursive: true });
  return Promise.all(
    texts.map(async (text, index) => {
      const path = join(folder, 'files', `${String(index).padStart(4, '0')}.csv`);
      await writeFile(path, text);
      return path;
    }),
  );
}

/** The same for files of any sources. */
export async function runFiles(
  folder: string,
  files: readonly (readonly [source: string, paths: readonly string[]])[],
  parameters: EngineParameters,
): Promise<Record<string, readonly EngineRow[]>> {
  const store = new FolderObjectStore(join(folder, 'home'));
  await mkdir(join(folder, 'spill'), { recursive: true });
  const facts = await loadFacts();
  const own = { ...settings, temporaryDirectory: join(folder, 'spill') };
  const landing = new DuckdbLanding(own, await loadLandingTexts(), fixedKey);
  let time = FIRST_IMPORT;
  const clock = {
    now: () => {
      time += 1000;
      return new Date(time);
    },
  };
  for (const [name, paths] of files) {
    const source = await loadSource(name, folder);
    await importFiles(paths, source, facts, {
      inputFiles: localInputFiles,
      landing,
      store,
      clock,
      telemetry: silentTelemetry,
    });
  }
  const counts = await new DuckdbLedger(store, own, Object.keys(facts)).count();
  const relations = await buildIn(store, parameters);
  const sum = (key: 'accepted' | 'loaded' | 'duplicate' | 'suppressed') =>
    counts.reduce((total, row) => total + row[key], 0);
  const quarantined = counts
    .flatMap((row) => Object.values(row.quarantined))
    .reduce((total, n) => total + n, 0);
  return {
    ...relations,
    ledger: [
      {
        accepted: sum('accepted'),
        loaded: sum('loaded'),
        duplicate: sum('duplicate'),
        quarantined,
        suppressed: sum('suppressed'),
      },
    ],
  };
}

async function buildIn(
  store: FolderObjectStore,
  parameters: EngineParameters,
): Promise<Record<string, readonly EngineRow[]>> {
  const catalogue = await loadCatalogue();
  const configuration = readConfiguration(
    `{ reporting: { time_zone: ${parameters.timeZone}, currency: ${parameters.currency} }, activity_event: ${parameters.activityEvent} }`,
    'world',
  );
  const warehouse = await DuckdbWarehouse.open(settings, 'world');
  try {
    await prepareInputs(warehouse, store, catalogue, configuration, parameters.asOf);
    const { checks } = await buildRelations(warehouse, catalogue, undefined, silentTelemetry);
    const failed = checks.filter(({ status }) => status === 'fail');
    if (failed.length > 0) {
      throw new Error(
        failed
          .map((check) => `audit ${check.model}: ${check.check} ${JSON.stringify(check.offending)}`)
          .join('\n'),
      );
    }
    const marts = catalogue.models.filter(({ layer }) => layer === 'marts');
    const relations: Record<string, readonly EngineRow[]> = {};
    for (const { name } of marts) {
      relations[name] = await warehouse.rows(`select * from ${name}`);
    }
    return relations;
  } finally {
    warehouse.close();
  }
}
