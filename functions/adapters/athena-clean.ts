import { ulidTime } from '../core/identifiers.ts';
import type { AthenaClients } from './athena-build.ts';
import { deleteRun, deleteWork } from './athena-runs.ts';
import { type AthenaSettings, runDatabase, runFolder } from './athena-settings.ts';
import { AthenaStatements } from './athena-statements.ts';
import { finishSwitch, readPublishedRun, runsRead } from './athena-views.ts';
import { databasesNamed, GlueTables } from './glue-tables.ts';
import { S3ObjectStore } from './s3-object-store.ts';

export interface Cleaned {
  /** Runs of which all was deleted. */
  readonly runs: readonly string[];
  readonly objects: number;
  /** Whether a switch of views that had broken off was finished. */
  readonly isSwitchFinished: boolean;
}

interface Places {
  readonly settings: AthenaSettings;
  readonly clients: AthenaClients;
  readonly store: S3ObjectStore;
  readonly readers: GlueTables;
}

function placesOf(settings: AthenaSettings, clients: AthenaClients): Places {
  const store = new S3ObjectStore(clients.s3, settings.root);
  return { settings, clients, store, readers: new GlueTables(clients.glue, settings.database) };
}

const finish = ({ settings, clients, store, readers }: Places): Promise<boolean> =>
  finishSwitch({
    settings,
    store,
    readers,
    statements: new AthenaStatements(clients.athena, settings, settings.database),
  });

/** Finishes a switch of views that a killed run has left in its midst; answers whether there was one. */
export const finishBrokenSwitch = (settings: AthenaSettings, clients: AthenaClients): Promise<boolean> =>
  finish(placesOf(settings, clients));

/**
 * Deletes what runs have left that readers do not get: of runs that were killed, and of those that were published before
 * the last but one. The last but one stays, because a reader's statement may have begun on it, and so does any run that a
 * view still reads. A run that began or wrote after `before` stays too: it may be at work.
 */
export async function cleanRuns(
  settings: AthenaSettings,
  clients: AthenaClients,
  before: Date,
): Promise<Cleaned> {
  const places = placesOf(settings, clients);
  const { store } = places;
  const isSwitchFinished = await finish(places);
  // runs first, and only then what must stay: a run that is published meanwhile is known by then
  const known = await knownRuns(places);
  const published = await readPublishedRun(store);
  const good = published ? [published.run_id, ...published.previous_run_ids] : [];
  const views = (await places.readers.all()).flatMap((view) => runsRead(view, settings));
  const stays = new Set([...good, ...views]);
  let objects = 0;
  for (const runId of good.filter((id) => known.includes(id))) {
    objects += await deleteWork(tablesOf(places, runId), store, runId);
  }
  const runs: string[] = [];
  for (const runId of known.filter((id) => !stays.has(id))) {
    if (await isLeft(store, runId, before)) {
      objects += await deleteRun(tablesOf(places, runId), store, runId);
      runs.push(runId);
    }
  }
  return { runs, objects, isSwitchFinished };
}

const tablesOf = ({ settings, clients }: Places, runId: string): GlueTables =>
  new GlueTables(clients.glue, runDatabase(settings.database, runId));

/** Runs that have a database or a folder. Databases of another lake's runs, of the same name, are none of ours. */
async function knownRuns({ settings, clients, store }: Places): Promise<readonly string[]> {
  const prefix = runDatabase(settings.database, '');
  const databases = (await databasesNamed(clients.glue, prefix)).filter(
    ({ location }) => !location || location.startsWith(store.address('runs/')),
  );
  const ofDatabases = databases.map(({ name }) => name.slice(prefix.length).toUpperCase());
  return [...new Set([...ofDatabases, ...(await store.folders('runs/'))])].sort();
}

/** Whether a run has neither begun nor written anything since. */
async function isLeft(store: S3ObjectStore, runId: string, before: Date): Promise<boolean> {
  const began = ulidTime(runId);
  if (began === undefined || began >= before) {
    return false;
  }
  const objects = await store.listObjects(runFolder(runId));
  return objects.every(({ modified }) => modified < before);
}
