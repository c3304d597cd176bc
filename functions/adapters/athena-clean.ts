import { ulidTime } from '../core/identifiers.ts';
import type { AthenaClients } from './athena-build.ts';
import { type AthenaSettings, runDatabase, runFolder } from './athena-settings.ts';
import { AthenaStatements } from './athena-statements.ts';
import { finishSwitch, readPublishedRun } from './athena-views.ts';
import { databasesNamed, GlueTables } from './glue-tables.ts';
import { S3ObjectStore } from './s3-object-store.ts';

export interface Cleaned {
  /** Runs of which something was deleted. */
  readonly runs: readonly string[];
  readonly objects: number;
  /** Whether a switch of views that had broken off was finished. */
  readonly isSwitchFinished: boolean;
}

/**
 * Deletes what runs have left that readers do not get: of runs that were killed, and of those that were published before
 * the last but one. The last but one stays, because a reader's statement may have begun on it. A run that began after
 * `before` stays too: it may be at work.
 */
export async function cleanRuns(
  settings: AthenaSettings,
  clients: AthenaClients,
  before: Date,
): Promise<Cleaned> {
  const store = new S3ObjectStore(clients.s3, settings.root);
  const statements = new AthenaStatements(clients.athena, settings, settings.database);
  const isSwitchFinished = await finishSwitch({ settings, store, statements });
  const published = await readPublishedRun(store);
  const stays = new Set([published?.run_id, published?.previous_run_id]);
  const isOrphan = (runId: string): boolean => {
    const began = ulidTime(runId);
    return !stays.has(runId) && began !== undefined && began < before;
  };
  const prefix = runDatabase(settings.database, '');
  const databases = await databasesNamed(clients.glue, prefix);
  const ofDatabases = databases.map((name) => name.slice(prefix.length).toUpperCase());
  const ofFolders = await store.folders('runs/');
  const runs = [...new Set([...ofDatabases, ...ofFolders])].filter(isOrphan).sort();
  let objects = 0;
  for (const runId of runs) {
    await new GlueTables(clients.glue, runDatabase(settings.database, runId)).close();
    objects += await store.deleteAll(runFolder(runId));
  }
  return { runs, objects, isSwitchFinished };
}
