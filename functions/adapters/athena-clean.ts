import { errorText, LakeError } from '../core/errors.ts';
import { ulidTime } from '../core/identifiers.ts';
import type { AthenaClients } from './athena-build.ts';
import { deleteRun, deleteWork } from './athena-runs.ts';
import { type AthenaSettings, runDatabase, runFolder } from './athena-settings.ts';
import { AthenaStatements } from './athena-statements.ts';
import { databaseOf, finishSwitch, type PublishedRun, readPublishedRun, runsRead } from './athena-views.ts';
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
  const named = await readPublishedRun(store);
  const databases = databasesOf(settings, named);
  // runs first, and only then what must stay: a run that is published meanwhile is known by then
  const known = await knownRuns(places, databases);
  const published = await readPublishedRun(store);
  const good = published ? [published.run_id, ...published.previous_run_ids] : [];
  const stays = new Set([...good, ...(await runsOfReaders(places, databases, published))]);
  const tablesOf = (runId: string): GlueTables =>
    new GlueTables(clients.glue, runDatabase(known.get(runId) ?? settings.database, runId));
  let objects = 0;
  for (const runId of good.filter((id) => known.has(id))) {
    objects += await deleteWork(tablesOf(runId), store, runId);
  }
  const runs: string[] = [];
  for (const runId of [...known.keys()].filter((id) => !stays.has(id))) {
    if (await isLeft(store, runId, before)) {
      objects += await deleteRun(tablesOf(runId), store, runId);
      runs.push(runId);
    }
  }
  return { runs, objects, isSwitchFinished };
}

/** The database of the settings, and those that earlier settings have named for the same lake. */
const databasesOf = (settings: AthenaSettings, published: PublishedRun | undefined): readonly string[] => [
  ...new Set([
    settings.database,
    ...(published
      ? [databaseOf(published, settings), ...Object.keys(published.earlier_databases ?? {})]
      : []),
  ]),
];

/** Runs that a reader of some database may get. Where that cannot be told, nothing may be deleted. */
async function runsOfReaders(
  { settings, clients }: Places,
  databases: readonly string[],
  published: PublishedRun | undefined,
): Promise<readonly string[]> {
  const runs: string[] = [];
  for (const database of databases) {
    const tables = new GlueTables(clients.glue, database);
    const isThere = await tables.isThere().catch((error: unknown) => nothingDeleted(database, error));
    const views = isThere
      ? await tables.all().catch((error: unknown) => nothingDeleted(database, error))
      : [];
    const read = views.flatMap((view) => runsRead(view, { database }));
    const isNamed = published && databaseOf(published, settings) === database;
    if (isNamed && read.length === 0 && Object.keys(published.views).length > 0) {
      nothingDeleted(database);
    }
    runs.push(...read, ...(isThere ? (published?.earlier_databases?.[database] ?? []) : []));
  }
  return runs;
}

function nothingDeleted(database: string, cause?: unknown): never {
  const why =
    cause === undefined ? 'shows no view of a run, although the manifest names some' : errorText(cause);
  throw new LakeError(
    `nothing is deleted: which runs readers get cannot be told (Glue database ${database}: ${why})`,
    'Check that the role may see every table there (glue:GetDatabase, glue:GetTables; Lake Formation may hide some), or run again, which makes the views anew.',
    { cause },
  );
}

/** Runs that have a database or a folder, with the database of their readers. Those of another lake are none of ours. */
async function knownRuns(
  { settings, clients, store }: Places,
  databases: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const known = new Map<string, string>();
  for (const database of databases) {
    const prefix = runDatabase(database, '');
    for (const { name, location } of await databasesNamed(clients.glue, prefix)) {
      const runId = name.slice(prefix.length).toUpperCase();
      // another database's name may go on where this one's ends
      if (ulidTime(runId) && (!location || location.startsWith(store.address('runs/')))) {
        known.set(runId, database);
      }
    }
  }
  for (const runId of await store.folders('runs/')) {
    known.set(runId, known.get(runId) ?? settings.database);
  }
  return new Map([...known].sort(([one], [other]) => (one < other ? -1 : 1)));
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
