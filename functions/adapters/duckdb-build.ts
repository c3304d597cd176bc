import type { Build, RunManifest } from '../ports/build.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Warehouse } from '../ports/warehouse.ts';

export const warehouseKey = 'warehouse.duckdb';
const manifestKey = 'runs/manifest.json';
const buildingPrefix = 'runs/building-';

/** A warehouse of one file, which can be closed for good and moved. */
export interface FileWarehouse extends Warehouse {
  finish(): Promise<void>;
}

/** A run in a new file beside `warehouse.duckdb`, which it replaces by a rename. Removes what killed runs left. */
export async function openDuckdbBuild(
  store: ObjectStore,
  runId: string,
  open: (runId: string, path: string) => Promise<FileWarehouse>,
): Promise<Build> {
  await sweepUnfinished(store);
  const key = `${buildingPrefix}${runId}.duckdb`;
  const warehouse = await open(runId, store.localPath(key));
  return {
    engine: 'duckdb',
    warehouse,
    switchTo: async (manifest: RunManifest) => {
      await warehouse.finish();
      await store.putFile(warehouseKey, store.localPath(key));
      await store.putText(manifestKey, `${JSON.stringify(manifest, null, 2)}\n`);
    },
    discard: async () => {
      warehouse.close();
      await store.delete(key);
      await store.delete(`${key}.wal`);
    },
  };
}

/** No reader knows of it, so it only takes room. */
async function sweepUnfinished(store: ObjectStore): Promise<void> {
  const keys = await store.list('runs');
  await Promise.all(keys.filter((key) => key.startsWith(buildingPrefix)).map((key) => store.delete(key)));
}
