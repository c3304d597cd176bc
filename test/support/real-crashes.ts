import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderSite } from '../../dashboards/render-site.ts';
import { silentTelemetry } from '../../functions/adapters/console-telemetry.ts';
import { openDuckdbBuild } from '../../functions/adapters/duckdb-build.ts';
import {
  DuckdbConnection,
  type DuckdbSettings,
  literal,
} from '../../functions/adapters/duckdb-connection.ts';
import { DuckdbLanding } from '../../functions/adapters/duckdb-landing.ts';
import { DuckdbLedger } from '../../functions/adapters/duckdb-ledger.ts';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { FolderObjectStore } from '../../functions/adapters/folder-object-store.ts';
import { KeyFileSecrets } from '../../functions/adapters/key-file-secrets.ts';
import { localInputFiles } from '../../functions/adapters/local-input-files.ts';
import { loadFacts, loadLandingTexts, loadSource } from '../../functions/adapters/project-files.ts';
import type { Catalogue } from '../../functions/core/catalogue.ts';
import { readConfiguration } from '../../functions/core/configuration.ts';
import type { ObjectStore } from '../../functions/ports/object-store.ts';
import { importFiles } from '../../functions/use-cases/import-files.ts';
import { publishSnapshot } from '../../functions/use-cases/publish-snapshot.ts';
import { runPipeline } from '../../functions/use-cases/run-pipeline.ts';
import { verifyLake } from '../../functions/use-cases/verify-lake.ts';
import { coreCatalogue } from './core-catalogue.ts';
import { Crash, CrashingStore, type CrashMoment } from './crashing-store.ts';
import { heldLease } from './held-lease.ts';
import { digestsOf, expectReadable } from './published.ts';

// Nothing is recorded here: each try lands, hashes, builds, audits and publishes for itself, and each recovery too.

const now = new Date('2035-01-01T00:00:00Z');
const clock = { now: () => now };
const configuration = readConfiguration('{ reporting: { time_zone: UTC, currency: TRY } }', 'test');

let folder: string;
let catalogue: Catalogue;
let settings: DuckdbSettings;

const at = (...names: readonly string[]): string => join(folder, ...names);

function ordersText(from: number, to: number): string {
  const lines = Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    const day = number % 10 === 9 ? '2024-02-30' : `2024-0${1 + (number % 6)}-1${number % 9}`;
    return `A-${number},${day}T10:00:00Z,C-${number % 7},kisi${number % 7}@ornek.example,${number}.50`;
  });
  return `${['order_id,ordered_at,customer_id,email,amount', ...lines].join('\n')}\n`;
}

async function importOrders(store: ObjectStore, file: string): Promise<void> {
  const secrets = new KeyFileSecrets(store.localPath('keys/identity.key'), store);
  const landing = new DuckdbLanding(settings, await loadLandingTexts(), secrets);
  const ports = { inputFiles: localInputFiles, landing, store, clock, telemetry: silentTelemetry };
  await importFiles([at(file)], await loadSource('orders', folder), await loadFacts(), ports);
}

async function run(store: ObjectStore, id: string): Promise<void> {
  const asOf = new Date('2024-07-01T00:00:00Z');
  const telemetry = silentTelemetry;
  await runPipeline(
    { runId: `run-${id}`, asOf, select: undefined, catalogue, configuration },
    {
      store,
      clock,
      telemetry,
      lease: heldLease,
      openBuild: (id) =>
        openDuckdbBuild(store, id, (runId, path) => DuckdbWarehouse.open(settings, runId, path)),
    },
    async (warehouse, finished) => {
      const publication = { snapshotId: `snapshot-${id}`, generatedAt: now, gitSha: 'test', configuration };
      await publishSnapshot(warehouse, finished, publication, {
        store,
        telemetry,
        lease: heldLease,
        renderSite,
      });
    },
  );
}

/** All rows of all marts, without the id of the run that built them. */
async function martsOf(home: string): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const connection = await DuckdbConnection.open(':memory:', settings);
  try {
    await connection.run(`attach ${literal(join(home, 'warehouse.duckdb'))} as built (read_only)`);
    const marts: Record<string, readonly unknown[]> = {};
    for (const { name } of catalogue.models.filter(({ layer }) => layer === 'marts')) {
      marts[name] = await connection.rows(`select * exclude (run_id) from built.${name} order by all`);
    }
    return marts;
  } finally {
    connection.close();
  }
}

/** Everything that must come out alike, however often the way there was broken off. */
async function stateOf(home: string) {
  const store = new FolderObjectStore(home);
  return {
    lake: Object.keys(await digestsOf(join(home, 'lake'))),
    ledger: await new DuckdbLedger(store, settings, Object.keys(catalogue.facts)).count(),
    marts: await martsOf(home),
    unfinished: Object.keys(await digestsOf(home)).filter((file) => /building-|\.writing|\.wal/.test(file)),
    faults: await verifyLake(store),
  };
}

interface Work {
  /** What the home holds before. */
  readonly from: 'empty' | 'published' | 'landed';
  readonly work: (store: ObjectStore, id: string) => Promise<void>;
  /** What is left to do afterwards, to compare with the twin. */
  readonly rest: (store: ObjectStore) => Promise<void>;
  /** Snapshots that may be seen at any time; none where nothing had been published. */
  readonly readable: readonly string[];
  /** The home that came to the same end without a crash. */
  readonly twin: 'published' | 'twin';
  /** Every so many calls only, where a try takes seconds: all are met in the fault loop, by a warehouse that is played. */
  readonly step: number;
}

const works: Readonly<Record<string, Work>> = {
  'the first import': {
    from: 'empty',
    work: (store) => importOrders(store, 'first.csv'),
    rest: (store) => run(store, 'first'),
    readable: [],
    twin: 'published',
    step: 1,
  },
  'a later import': {
    from: 'published',
    work: (store) => importOrders(store, 'second.csv'),
    rest: (store) => run(store, 'second'),
    readable: ['snapshot-first'],
    twin: 'twin',
    step: 1,
  },
  'a run': {
    from: 'landed',
    work: (store, id) => run(store, id),
    rest: async () => undefined,
    readable: ['snapshot-first', 'snapshot-broken'],
    twin: 'twin',
    step: 6,
  },
};

async function prepare(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'dongu-real-crash-'));
  settings = { memoryLimit: '512MB', threads: 1, temporaryDirectory: at('spill') };
  catalogue = await coreCatalogue();
  await mkdir(at('spill'));
  await mkdir(at('empty', 'runs'), { recursive: true });
  // the same key in every home, so that the same address has the same hash
  await mkdir(at('empty', 'keys'));
  await writeFile(at('empty', 'keys', 'identity.key'), '07'.repeat(32));
  await writeFile(at('first.csv'), ordersText(0, 40));
  await writeFile(at('second.csv'), ordersText(30, 80));
  await cp(at('empty'), at('published'), { recursive: true });
  await importOrders(new FolderObjectStore(at('published')), 'first.csv');
  await run(new FolderObjectStore(at('published')), 'first');
  await cp(at('published'), at('landed'), { recursive: true });
  await importOrders(new FolderObjectStore(at('landed')), 'second.csv');
  await cp(at('landed'), at('twin'), { recursive: true });
  await run(new FolderObjectStore(at('twin')), 'second');
}

/** Dies once, and answers whether it did: false when the work has fewer calls. */
async function dies(work: Work, inner: ObjectStore, call: number, when: CrashMoment): Promise<boolean> {
  const error = await work.work(new CrashingStore(inner, { call, when }), 'broken').then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof Crash) return true;
  }
  if (error !== undefined) throw error;
  return false;
}

/** What homes were made of before their rest was done: from the same bytes the same comes, so once is enough. */
const rested = new Set<string>();

async function crashEachCall(name: string, work: Work, when: CrashMoment): Promise<number> {
  const expected = await stateOf(at(work.twin));
  const views = await digestsOf(at(work.twin, 'dashboards', 'd'));
  const end = await expectReadable(at(work.twin));
  let deaths = 0;
  for (let call = when === 'before' ? 1 : Math.ceil(work.step / 2); ; call += work.step) {
    const place = `${name}, ${when} call ${call}`;
    const home = at(place.replaceAll(/\W/g, '-'));
    await cp(at(work.from), home, { recursive: true });
    const store = new FolderObjectStore(home);
    if (!(await dies(work, store, call, when))) return deaths;
    deaths += 1;
    if (work.readable.length > 0) expect(work.readable, place).toContain(await expectReadable(home));
    await work.work(store, 'second');
    const bytes = JSON.stringify([name, await digestsOf(home)]);
    if (!rested.has(bytes)) {
      rested.add(bytes);
      await work.rest(store);
      expect(await expectReadable(home), place).toBe(end);
      expect(await stateOf(home), place).toEqual(expected);
      // the views of a run that died may lie beside them, unnamed
      expect(await digestsOf(join(home, 'dashboards', 'd')), place).toMatchObject(views);
    }
    await rm(home, { recursive: true });
  }
}

const planned = Object.entries(works).flatMap(([name, work]) =>
  (['before', 'after'] as const).map((when) => [name, when, work] as const),
);

/** Crashes by the real landing, key and warehouse, at calls of the object store, before it and after it. */
export function describeRealCrashes(): void {
  beforeAll(prepare);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  it.concurrent.each(planned)(
    '%s, %s it: a plain second try gives what a twin has',
    async (name, when, work) => {
      expect(await crashEachCall(name, work, when)).toBeGreaterThan(8);
    },
  );
}
