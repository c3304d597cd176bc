import { z } from 'zod';
import { LakeError } from '../core/errors.ts';
import { manifestKey } from '../core/run-fence.ts';
import type { RunManifest } from '../ports/build.ts';
import { type AthenaSettings, runDatabase } from './athena-settings.ts';
import type { AthenaStatements } from './athena-statements.ts';
import { quoted } from './duckdb-connection.ts';
import type { DeclaredTable, GlueTables } from './glue-tables.ts';
import type { S3ObjectStore } from './s3-object-store.ts';

/** The one pointer of a lake in S3: which run readers get, by which views, and which runs they may have had before. */
const PublishedRun = z.strictObject({
  schema: z.literal('dongu.run/1'),
  run_id: z.string(),
  as_of: z.string(),
  finished_at: z.string(),
  /** Manifests of earlier versions have none. */
  fence: z.number().optional(),
  relations: z.record(z.string(), z.strictObject({ rows: z.number() })),
  /** Columns of each view, in order. */
  views: z.record(z.string(), z.array(z.string())),
  /** One, or more where the switch to it had broken off. */
  previous_run_ids: z.array(z.string()),
  /** False until every view is switched. */
  is_switched: z.boolean(),
  /** Of the views. Manifests of earlier versions have none and are of the settings' one. */
  database: z.string().optional(),
  /** Databases that the settings named before: their views stay as they are, and so do the runs that they read. */
  earlier_databases: z.record(z.string(), z.array(z.string())).optional(),
});
export type PublishedRun = Readonly<z.infer<typeof PublishedRun>>;

/** Rounds after which views that are still not switched are none that this role can see or write. */
const MOST_ROUNDS = 3;

export const READERS = 'Döngü: what readers get, views of the last good run';

export interface ViewPorts {
  readonly settings: AthenaSettings;
  readonly store: S3ObjectStore;
  readonly statements: AthenaStatements;
  /** The database of the views. */
  readonly readers: GlueTables;
}

interface ReadManifest {
  readonly published: PublishedRun | undefined;
  readonly etag: string | undefined;
}

async function readManifest(store: S3ObjectStore): Promise<ReadManifest> {
  const { text, etag } = await store.getVersion(manifestKey);
  if (text === undefined) {
    return { published: undefined, etag };
  }
  try {
    return { published: PublishedRun.parse(JSON.parse(text)), etag };
  } catch (error) {
    throw new LakeError(
      `${store.address(manifestKey)} is damaged`,
      'Delete it and run again; readers keep the views that they have.',
      { cause: error },
    );
  }
}

export async function readPublishedRun(store: S3ObjectStore): Promise<PublishedRun | undefined> {
  return (await readManifest(store)).published;
}

const manifestText = (published: PublishedRun): string => `${JSON.stringify(published, null, 2)}\n`;

/**
 * Names a run in the manifest: from then on it is the published one, and a switch that breaks off is finished by the
 * next run or `clean`. Of two runs at a time, the one of the later lease stays. Answers undefined where the
 * run may not be published.
 */
export async function nameRun(
  { store, settings }: Pick<ViewPorts, 'store' | 'settings'>,
  manifest: RunManifest,
  tables: ReadonlyMap<string, readonly string[]>,
): Promise<PublishedRun | undefined> {
  for (;;) {
    const { published: before, etag } = await readManifest(store);
    if (before && isLater(before, manifest)) {
      return undefined;
    }
    const published: PublishedRun = {
      ...manifest,
      relations: { ...manifest.relations },
      views: Object.fromEntries([...tables].map(([name, columns]) => [name, [...columns]])),
      ...historyOf(before, settings),
      is_switched: false,
      database: settings.database,
    };
    if (await store.replaceText(manifestKey, manifestText(published), etag)) {
      return published;
    }
  }
}

/** The database of a run's views. */
export const databaseOf = ({ database }: PublishedRun, settings: AthenaSettings): string =>
  database ?? settings.database;

/** Runs that a reader's statement may have begun on: what a changed database had is no longer that of this one. */
function historyOf(
  before: PublishedRun | undefined,
  settings: AthenaSettings,
): Pick<PublishedRun, 'previous_run_ids' | 'earlier_databases'> {
  if (!before) {
    return { previous_run_ids: [] };
  }
  const left = [before.run_id, ...(before.is_switched ? [] : before.previous_run_ids)];
  const database = databaseOf(before, settings);
  const { [settings.database]: returned = [], ...others } = before.earlier_databases ?? {};
  const isSame = database === settings.database;
  const earlier = isSame ? others : { ...others, [database]: left };
  return {
    previous_run_ids: isSame ? left : returned,
    ...(Object.keys(earlier).length > 0 && { earlier_databases: earlier }),
  };
}

/** By the token of the lease; by the time in their ids where they have the same or one has none. */
function isLater(before: PublishedRun, manifest: RunManifest): boolean {
  return before.fence === undefined || before.fence === manifest.fence
    ? before.run_id > manifest.run_id
    : before.fence > manifest.fence;
}

/**
 * Makes the views those of the published run where they are not; answers whether there was anything to do. A run that was
 * published into another database, or whose own is gone, is left as it is: the next run takes its place.
 */
export async function finishSwitch(ports: ViewPorts): Promise<boolean> {
  const { settings, store, readers } = ports;
  const published = await readPublishedRun(store);
  if (!published || databaseOf(published, settings) !== settings.database) {
    return false;
  }
  if (!(await readers.isThere(runDatabase(settings.database, published.run_id)))) {
    return false;
  }
  await readers.open(READERS);
  return switchViews(ports, published);
}

/**
 * One view after the other: each reads either the old run or the new one, whole. Looks at the views again at the end,
 * because a statement of an older run that was still under way may have come later.
 */
export async function switchViews(ports: ViewPorts, published: PublishedRun): Promise<boolean> {
  let isChanged = false;
  for (let round = 0; ; round += 1) {
    const views = await ports.readers.all();
    const wrong = wrongViews(views, ports.settings, published);
    if (wrong.length === 0) {
      break;
    }
    if (round === MOST_ROUNDS) {
      throw notSwitched(ports.settings, published, wrong);
    }
    isChanged = true;
    for (const { name, isKnown } of wrong) {
      await stillPublished(ports.store, published);
      await ports.statements.run(
        isKnown
          ? viewText(ports.settings, published, name)
          : `drop view if exists ${viewName(ports.settings, name)}`,
      );
    }
  }
  const { etag, ...seen } = await stillPublished(ports.store, published);
  if (seen.published.is_switched) {
    return isChanged;
  }
  const isMine = await ports.store.replaceText(
    manifestKey,
    manifestText({ ...published, is_switched: true }),
    etag,
  );
  // another process may have finished the same switch
  if (!isMine) {
    await stillPublished(ports.store, published);
  }
  return true;
}

function notSwitched(
  { database }: AthenaSettings,
  { run_id }: PublishedRun,
  wrong: readonly { readonly name: string }[],
): LakeError {
  const names = wrong.map(({ name }) => name).join(', ');
  return new LakeError(
    `${wrong.length} views of ${database} are not seen to read run ${run_id}, although they were switched ${MOST_ROUNDS} times: ${names}`,
    'Check that the role may see every table of the database (glue:GetTables; Lake Formation may hide some), and that nothing else writes views there.',
  );
}

/** Throws where a later run has taken the place of this one: its views must not be overwritten. */
async function stillPublished(
  store: S3ObjectStore,
  { run_id }: PublishedRun,
): Promise<{ readonly published: PublishedRun; readonly etag: string | undefined }> {
  const { published, etag } = await readManifest(store);
  if (published?.run_id !== run_id) {
    throw new LakeError(
      `run ${published?.run_id ?? 'none'} was published while the views were being switched to run ${run_id}`,
      'Nothing is to be done: readers get the later run.',
    );
  }
  return { published, etag };
}

const viewName = ({ database }: AthenaSettings, name: string): string =>
  `${quoted(database)}.${quoted(name)}`;

function viewText(settings: AthenaSettings, { run_id, views }: PublishedRun, name: string): string {
  const list = (views[name] ?? []).map(quoted).join(', ');
  const from = `${quoted(runDatabase(settings.database, run_id))}.${quoted(name)}`;
  return `create or replace view ${viewName(settings, name)} as select ${list} from ${from}`;
}

/** Views that are missing or read another run, and those of relations that the run no longer has. */
function wrongViews(
  views: readonly DeclaredTable[],
  settings: AthenaSettings,
  published: PublishedRun,
): readonly { readonly name: string; readonly isKnown: boolean }[] {
  const read = new Map(views.map((view) => [view.name, runsRead(view, settings)]));
  const wanted = Object.keys(published.views)
    .filter((name) => read.get(name)?.join() !== published.run_id)
    .map((name) => ({ name, isKnown: true }));
  const stale = views
    .filter((view) => !(view.name in published.views) && isOfRun(view, settings))
    .map(({ name }) => ({ name, isKnown: false }));
  return [...wanted, ...stale];
}

/** The runs whose databases a view reads. */
export function runsRead(
  { select = '' }: DeclaredTable,
  { database }: Pick<AthenaSettings, 'database'>,
): readonly string[] {
  const found = select.matchAll(new RegExp(String.raw`\b${database}_run_([0-9a-z]{26})\b`, 'gi'));
  return [...new Set([...found].map(([, id = '']) => id.toUpperCase()))];
}

/** Whether a view is one that a switch has made; people may have made others beside them. */
const isOfRun = ({ name, select = '' }: DeclaredTable, { database }: AthenaSettings): boolean =>
  new RegExp(String.raw`\b${database}_run_[0-9a-z]{26}"?\."?${name}"?\s*\)?\s*$`, 'i').test(select);
