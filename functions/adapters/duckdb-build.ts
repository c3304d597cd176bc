import { errorCode, LakeError } from '../core/errors.ts';
import { fenceOf, manifestKey } from '../core/run-fence.ts';
import type { Build, RunManifest } from '../ports/build.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Warehouse } from '../ports/warehouse.ts';

export const warehouseKey = 'warehouse.duckdb';
const buildingPrefix = 'runs/building-';

/** Where the tables of published runs are put, and the manifest that names the run. */
export interface WarehousePlace {
  readonly file: (runId: string) => string;
  readonly manifest: string;
}

const homePlace: WarehousePlace = { file: () => warehouseKey, manifest: manifestKey };

/** A warehouse of one file, which can be closed for good and moved. */
export interface FileWarehouse extends Warehouse {
  finish(): Promise<void>;
}

/**
 * A run in a new file beside `warehouse.duckdb`, which it replaces by a rename. Removes what other runs were building: they are
 * dead, or asleep since before this one has taken the lease, and then their switch must find nothing to move.
 */
export async function openDuckdbBuild(
  store: ObjectStore,
  runId: string,
  open: (runId: string, path: string) => Promise<FileWarehouse>,
  place: WarehousePlace = homePlace,
): Promise<Build> {
  await sweepUnfinished(store);
  const key = `${buildingPrefix}${runId}.duckdb`;
  const warehouse = await open(runId, store.localPath(key));
  return {
    engine: 'duckdb',
    warehouse,
    switchTo: async (manifest: RunManifest) => {
      await warehouse.finish();
      await refuseOlder(store, place, manifest);
      await store.putFile(place.file(runId), store.localPath(key)).catch((error: unknown) => {
        throw errorCode(error) === 'ENOENT' ? laterRun(error) : error;
      });
      await nameRun(store, place, manifest);
    },
    discard: async () => {
      warehouse.close();
      await store.delete(key);
      await store.delete(`${key}.wal`);
    },
  };
}

const laterRun = (cause?: unknown): LakeError =>
  new LakeError('a later run has taken over', 'Nothing is to be done: readers get the later run.', { cause });

/** Answers the version of the manifest that it has looked at. */
async function refuseOlder(
  store: ObjectStore,
  place: WarehousePlace,
  { fence }: RunManifest,
): Promise<string | undefined> {
  const { text, etag } = await store.getVersion(place.manifest);
  if (fenceOf(text) > fence) {
    throw laterRun();
  }
  return etag;
}

async function nameRun(store: ObjectStore, place: WarehousePlace, manifest: RunManifest): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  while (!(await store.replaceText(place.manifest, text, await refuseOlder(store, place, manifest)))) {
    // another run was named meanwhile: look again whether it is a later one
  }
}

/** No reader knows of it, so it only takes room. */
async function sweepUnfinished(store: ObjectStore): Promise<void> {
  const keys = await store.list('runs');
  await Promise.all(keys.filter((key) => key.startsWith(buildingPrefix)).map((key) => store.delete(key)));
}
