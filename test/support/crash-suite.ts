import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderSite } from '../../dashboards/render-site.ts';
import { silentTelemetry } from '../../functions/adapters/console-telemetry.ts';
import { type FileWarehouse, openDuckdbBuild } from '../../functions/adapters/duckdb-build.ts';
import { DuckdbLanding } from '../../functions/adapters/duckdb-landing.ts';
import { DuckdbLedger } from '../../functions/adapters/duckdb-ledger.ts';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { FolderObjectStore } from '../../functions/adapters/folder-object-store.ts';
import { localInputFiles } from '../../functions/adapters/local-input-files.ts';
import { loadFacts, loadLandingTexts, loadSource } from '../../functions/adapters/project-files.ts';
import type { Catalogue } from '../../functions/core/catalogue.ts';
import { readConfiguration } from '../../functions/core/configuration.ts';
import { AuditError } from '../../functions/core/errors.ts';
import type { Landing } from '../../functions/ports/landing.ts';
import type { ObjectStore } from '../../functions/ports/object-store.ts';
import { importFiles } from '../../functions/use-cases/import-files.ts';
import { publishSnapshot } from '../../functions/use-cases/publish-snapshot.ts';
import { runPipeline } from '../../functions/use-cases/run-pipeline.ts';
import { verifyLake } from '../../functions/use-cases/verify-lake.ts';
import { coreCatalogue } from './core-catalogue.ts';
import { type CrashPlan, crashEverywhere } from './crashing-store.ts';
import { heldLease } from './held-lease.ts';
import { digestsOf, expectReadable } from './published.ts';
import { playing, type Recording, recordedLanding, recording } from './recorded-ports.ts';

// A crash is a store that dies at its n-th call and answers no other call after it, for every n there is.
// The landing and the warehouse compute once and are then played, so that all those deaths take seconds.

const now = new Date('2035-01-01T00:00:00Z');
const clock = { now: () => now };
const configuration = readConfiguration('{ reporting: { time_zone: UTC, currency: TRY } }', 'test');
const key = { identityKey: async () => Buffer.alloc(32, 7) };

let folder: string;
let catalogue: Catalogue;
let settings: { memoryLimit: string; threads: number; temporaryDirectory: string };
let homes = 0;

const at = (name: string): string => join(folder, name);

function ordersText(from: number, to: number): string {
  const lines = Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    const day = `2024-0${1 + (number % 6)}-1${number % 9}`;
    return number % 10 === 9
      ? `A-${number},2024-02-30,C-1,,10`
      : `A-${number},${day}T10:00:00Z,C-${number % 7},kisi${number % 7}@ornek.example,${number}.50`;
  });
  return `${['order_id,ordered_at,customer_id,email,amount', ...lines].join('\n')}\n`;
}

const realLanding = async (): Promise<Landing> => new DuckdbLanding(settings, await loadLandingTexts(), key);

async function importOrders(store: ObjectStore, file: string, landing: Landing): Promise<void> {
  const source = await loadSource('orders', folder);
  const ports = { inputFiles: localInputFiles, landing, store, clock, telemetry: silentTelemetry };
  await importFiles([at(file)], source, await loadFacts(), ports);
}

type OpenWarehouse = (runId: string, path: string) => Promise<FileWarehouse>;

async function run(store: ObjectStore, id: string, openWarehouse: OpenWarehouse): Promise<void> {
  await runPipeline(
    {
      runId: `run-${id}`,
      asOf: new Date('2024-07-01T00:00:00Z'),
      select: undefined,
      catalogue,
      configuration,
    },
    {
      store,
      clock,
      telemetry: silentTelemetry,
      lease: heldLease,
      openBuild: (runId) => openDuckdbBuild(store, runId, openWarehouse),
    },
    async (warehouse, finished) => {
      const publication = { snapshotId: `snapshot-${id}`, generatedAt: now, gitSha: 'test', configuration };
      await publishSnapshot(warehouse, finished, publication, {
        store,
        telemetry: silentTelemetry,
        lease: heldLease,
        renderSite,
      });
    },
  );
}

const real: OpenWarehouse = (runId, path) => DuckdbWarehouse.open(settings, runId, path);

const ledgerOf = async (store: ObjectStore) =>
  new DuckdbLedger(store, settings, Object.keys(catalogue.facts)).count();

/** A home of its own with what the named one holds. */
async function copyOf(name: string): Promise<{ store: FolderObjectStore; root: string }> {
  homes += 1;
  const root = at(`copy-${homes}`);
  await rm(at(`copy-${homes - 1}`), { recursive: true, force: true });
  await cp(at(name), root, { recursive: true });
  return { store: new FolderObjectStore(root), root };
}

const rootOf = (store: ObjectStore): string => store.localPath('.');

async function prepare(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'dongu-crash-'));
  settings = { memoryLimit: '512MB', threads: 1, temporaryDirectory: at('spill') };
  catalogue = await coreCatalogue();
  await mkdir(at('spill'));
  await writeFile(at('first.csv'), ordersText(0, 40));
  await writeFile(at('second.csv'), ordersText(30, 80));
  // `published`: one file landed and shown; `landed`: two landed, the first shown; `done`: both shown, nothing broken
  const store = new FolderObjectStore(at('published'));
  await mkdir(at('published/runs'), { recursive: true });
  await importOrders(store, 'first.csv', await realLanding());
  await run(store, 'first', real);
  await cp(at('published'), at('landed'), { recursive: true });
  await importOrders(new FolderObjectStore(at('landed')), 'second.csv', await realLanding());
}

function describeImports(plan: CrashPlan): void {
  it('leaves what is published as it is, and the next import lands everything once', async () => {
    const landing = recordedLanding(await realLanding());
    const published = await digestsOf(at('published/dashboards'));
    const landed = await ledgerOf(new FolderObjectStore(at('landed')));
    const lake = Object.keys(await digestsOf(at('landed/lake')));

    const crashes = await crashEverywhere(
      plan,
      async () => (await copyOf('published')).store,
      (store) => importOrders(store, 'second.csv', landing),
      async (left) => {
        expect(await digestsOf(join(rootOf(left), 'dashboards'))).toEqual(published);
        expect(await expectReadable(rootOf(left))).toBe('snapshot-first');

        await importOrders(left, 'second.csv', landing);

        expect(await ledgerOf(left)).toEqual(landed);
        expect(await verifyLake(left)).toEqual([]);
        expect(Object.keys(await digestsOf(join(rootOf(left), 'lake')))).toEqual(lake);
      },
    );

    expect(crashes).toBeGreaterThan((6 * plan.moments.length) / plan.step);
    expect(landed).toMatchObject([{ unaccounted: 0 }]);
  });

  it('blocks the next run while rows are missing, which leaves what is published', async () => {
    const { store, root } = await copyOf('published');
    const dying: Landing = {
      ...(await realLanding()),
      land: () => Promise.reject(new Error('out of memory')),
    };
    await expect(importOrders(store, 'second.csv', dying)).rejects.toThrow('out of memory');

    await expect(run(store, 'early', real)).rejects.toThrow(AuditError);

    expect(await expectReadable(root)).toBe('snapshot-first');
    await importOrders(store, 'second.csv', await realLanding());
    await run(store, 'second', real);
    expect(await expectReadable(root)).toBe('snapshot-second');
  });
}

function describeRuns(plan: CrashPlan): void {
  it('leaves a whole snapshot to read, and the next run is clean', async () => {
    const { store: done, root } = await copyOf('landed');
    const record: Recording = { answers: new Map(), file: at('recorded.duckdb') };
    await run(done, 'second', async (runId, path) => recording(await real(runId, path), record));
    await copyFile(join(root, 'warehouse.duckdb'), record.file);
    const expected = await digestsOf(join(root, 'dashboards', 'd'));
    const play: OpenWarehouse = (_, path) => playing(record, path);
    const seen = new Set<string>();

    const crashes = await crashEverywhere(
      plan,
      async () => (await copyOf('landed')).store,
      (store) => run(store, 'crashed', play),
      async (left) => {
        seen.add(await expectReadable(rootOf(left)));

        await run(left, 'second', play);

        expect(await expectReadable(rootOf(left))).toBe('snapshot-second');
        expect(await digestsOf(join(rootOf(left), 'dashboards', 'd'))).toMatchObject(expected);
        const files = Object.keys(await digestsOf(rootOf(left)));
        expect(files.filter((file) => /building-|\.writing|\.wal/.test(file))).toEqual([]);
      },
    );

    expect(crashes).toBeGreaterThan((40 * plan.moments.length) / plan.step);
    expect([...seen].sort()).toEqual(['snapshot-crashed', 'snapshot-first']);
  });

  it('by a process that was killed leaves no unfinished file behind the next run', async () => {
    const { store, root } = await copyOf('landed');
    await writeFile(join(root, 'runs', 'building-run-killed.duckdb'), 'half');
    await writeFile(join(root, 'runs', 'building-run-killed.duckdb.wal'), 'half');

    await run(store, 'second', real);

    const marts = Object.keys(await digestsOf(join(root, 'runs')));
    expect(marts.filter((file) => file.startsWith('building-'))).toEqual([]);
    expect(await expectReadable(root)).toBe('snapshot-second');
  });
}

/** The planned crashes of an import and of a run. */
export function describeCrashes(plan: CrashPlan): void {
  beforeAll(prepare);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  describe('a crash at any point of an import', () => describeImports(plan));
  describe('a crash at any point of a run', () => describeRuns(plan));
}
