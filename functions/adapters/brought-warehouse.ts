import { mkdir } from 'node:fs/promises';
import { errorText } from '../core/errors.ts';
import type { RunEngine } from '../ports/build.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { BroughtObjectStore } from './brought-object-store.ts';
import type { WarehousePlace } from './duckdb-build.ts';
import type { DuckdbSettings } from './duckdb-connection.ts';
import { duckdbEngine } from './duckdb-engine.ts';

const FOLDER = 'runs/duckdb';

/** Each run's tables under a name of their own, so that a run that slept through its lease replaces nobody's. */
export const publishedInS3: WarehousePlace = {
  file: (runId) => `${FOLDER}/${runId}.duckdb`,
  manifest: `${FOLDER}/manifest.json`,
};

/** The published run's, and the one before, which somebody may just be fetching. */
const KEPT = 2;

/** DuckDB over a lake in S3. */
export function broughtEngine(
  store: BroughtObjectStore,
  settings: DuckdbSettings,
  { warn }: Pick<Telemetry, 'warn'>,
): RunEngine {
  return {
    ...duckdbEngine(store, settings, publishedInS3),
    prepare: async () => {
      // where it builds
      await mkdir(store.localPath('runs'), { recursive: true });
    },
    tidy: async () => {
      // the run is published: whatever hinders this does not make it one that failed
      await deleteOlder(store).catch((error: unknown) => {
        warn(`tables of earlier runs could not be deleted: ${errorText(error)}`);
      });
    },
  };
}

async function deleteOlder(store: BroughtObjectStore): Promise<void> {
  const files = (await store.list(FOLDER)).filter((key) => key.endsWith('.duckdb'));
  for (const key of files.slice(0, -KEPT)) {
    await store.delete(key);
  }
}
