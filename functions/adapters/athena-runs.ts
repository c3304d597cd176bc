import { runSettingsKey } from '../core/run-settings.ts';
import { martsFolder, runFolder, workFolder } from './athena-settings.ts';
import type { GlueTables } from './glue-tables.ts';
import type { S3ObjectStore } from './s3-object-store.ts';

/** Deletes what a run has built, and its database; its report stays. Answers how many objects. */
export async function deleteRun(glue: GlueTables, store: S3ObjectStore, runId: string): Promise<number> {
  await glue.close();
  await store.delete(runSettingsKey(runId));
  return store.deleteAll(runFolder(runId));
}

/** Deletes what a published run needed only while it built. Answers how many objects and declarations. */
export async function deleteWork(glue: GlueTables, store: S3ObjectStore, runId: string): Promise<number> {
  const marts = store.address(martsFolder(runId));
  const work = (await glue.all()).filter(({ location }) => !location?.startsWith(marts));
  await glue.dropAll(work.map(({ name }) => name));
  return work.length + (await store.deleteAll(workFolder(runId)));
}
