import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentTelemetry } from '../../../functions/adapters/console-telemetry.ts';
import { openDuckdbBuild } from '../../../functions/adapters/duckdb-build.ts';
import { DuckdbLanding } from '../../../functions/adapters/duckdb-landing.ts';
import { DuckdbWarehouse } from '../../../functions/adapters/duckdb-warehouse.ts';
import { localInputFiles } from '../../../functions/adapters/local-input-files.ts';
import { loadFacts, loadLandingTexts, loadSource } from '../../../functions/adapters/project-files.ts';
import { readConfiguration } from '../../../functions/core/configuration.ts';
import type { Landing } from '../../../functions/ports/landing.ts';
import { importFiles } from '../../../functions/use-cases/import-files.ts';
import { publishSnapshot } from '../../../functions/use-cases/publish-snapshot.ts';
import { runPipeline } from '../../../functions/use-cases/run-pipeline.ts';
import { coreCatalogue } from '../core-catalogue.ts';
import { heldLease } from '../held-lease.ts';
import { type Recording, recording } from '../recorded-ports.ts';
import type { RunScenarioPorts } from './run-scenario.ts';
import { World } from './world.ts';
import { WorldBucket } from './world-bucket.ts';

const settingsIn = (folder: string) => ({
  memoryLimit: '512MB',
  threads: 1,
  temporaryDirectory: join(folder, 'spill'),
});

/** The real landing, with a key that is always the same. */
export async function realLanding(folder: string): Promise<Landing> {
  await mkdir(join(folder, 'spill'), { recursive: true });
  return new DuckdbLanding(settingsIn(folder), await loadLandingTexts(), {
    identityKey: async () => Buffer.alloc(32, 7),
  });
}

/** A folder for each turn; that of the turn before goes away. */
export function turnFolders(folder: string, name: string): (turn: number) => string {
  const at = (turn: number) => join(folder, `${name}-${turn}`);
  return (turn) => {
    void rm(at(turn - 2), { recursive: true, force: true });
    return at(turn);
  };
}

export async function writeOrders(folder: string, name: string, from: number, to: number): Promise<string> {
  const lines = Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    const day = number % 10 === 9 ? '2024-02-30' : `2024-0${1 + (number % 6)}-1${number % 9}`;
    return `A-${number},${day}T10:00:00Z,C-${number % 7},kisi${number % 7}@ornek.example,${number}.50`;
  });
  const path = join(folder, name);
  await writeFile(path, `${['order_id,ordered_at,customer_id,email,amount', ...lines].join('\n')}\n`);
  return path;
}

/** A lake of some orders, and a run over it that really builds, whose answers are kept. */
export async function recordRun(folder: string, landing: Landing): Promise<Omit<RunScenarioPorts, 'folder'>> {
  const configuration = readConfiguration('{ reporting: { time_zone: UTC, currency: TRY } }', 'the world');
  const catalogue = await coreCatalogue(configuration);
  const asOf = new Date('2024-07-01T00:00:00Z');
  const landed = new WorldBucket(join(folder, 'landed'));
  const world = new World({ seed: 1, bucket: landed, now: new Date('2035-01-01T00:00:00Z') });
  const file = await writeOrders(folder, 'recorded.csv', 0, 40);
  const { store, clock } = world.start();
  const telemetry = silentTelemetry;
  const importPorts = { inputFiles: localInputFiles, landing, store, clock, telemetry };
  await importFiles([file], await loadSource('orders', folder), await loadFacts(), importPorts);
  const record: Recording = { answers: new Map(), file: join(folder, 'played') };
  await writeFile(record.file, 'replaced by the id of each run');
  const done = await landed.copyTo(join(folder, 'recorded'));
  await mkdir(join(folder, 'recorded', 'runs'), { recursive: true });
  const own = new World({ seed: 1, bucket: done, now: new Date('2035-01-01T00:00:00Z') }).start();
  await runPipeline(
    { runId: 'run-recorded', asOf, select: undefined, catalogue, configuration },
    {
      ...own,
      telemetry,
      lease: heldLease,
      openBuild: (id) =>
        openDuckdbBuild(own.store, id, async (runId, path) =>
          recording(await DuckdbWarehouse.open(settingsIn(folder), runId, path), record),
        ),
    },
    async (warehouse, run) => {
      const publication = { snapshotId: 'recorded', generatedAt: asOf, gitSha: 'test', configuration };
      const publishing = { store: own.store, telemetry, lease: heldLease, renderSite: () => [] };
      await publishSnapshot(warehouse, run, publication, publishing);
    },
  );
  return { landed, record, asOf, catalogue, configuration };
}
