import { z } from 'zod';
import { LakeError } from '../core/errors.ts';
import type { RunManifest } from '../ports/build.ts';
import { type AthenaSettings, runDatabase } from './athena-settings.ts';
import type { AthenaStatements } from './athena-statements.ts';
import { quoted } from './duckdb-connection.ts';
import type { S3ObjectStore } from './s3-object-store.ts';

const manifestKey = 'runs/manifest.json';

/** The one pointer of a lake in S3: which run readers get, by which views, and which run they had before. */
const PublishedRun = z.strictObject({
  schema: z.literal('dongu.run/1'),
  run_id: z.string(),
  as_of: z.string(),
  finished_at: z.string(),
  relations: z.record(z.string(), z.strictObject({ rows: z.number() })),
  /** Columns of each view, in order. */
  views: z.record(z.string(), z.array(z.string())),
  previous_run_id: z.string().nullable(),
  /** False until every view is switched. */
  is_switched: z.boolean(),
});
export type PublishedRun = Readonly<z.infer<typeof PublishedRun>>;

export interface ViewPorts {
  readonly settings: AthenaSettings;
  readonly store: S3ObjectStore;
  readonly statements: AthenaStatements;
}

export async function readPublishedRun(store: S3ObjectStore): Promise<PublishedRun | undefined> {
  const text = await store.getText(manifestKey);
  if (text === undefined) {
    return undefined;
  }
  try {
    return PublishedRun.parse(JSON.parse(text));
  } catch (error) {
    throw new LakeError(
      `${store.address(manifestKey)} is damaged`,
      'Delete it and run again; readers keep the views that they have.',
      { cause: error },
    );
  }
}

/**
 * Makes a run what readers get. The manifest comes first: from then on the run is the published one, and a switch that
 * breaks off is finished by the next run or `clean`.
 */
export async function publishRun(
  ports: ViewPorts,
  manifest: RunManifest,
  tables: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const before = await readPublishedRun(ports.store);
  const published: PublishedRun = {
    ...manifest,
    relations: { ...manifest.relations },
    views: Object.fromEntries([...tables].map(([name, columns]) => [name, [...columns]])),
    previous_run_id: before?.run_id ?? null,
    is_switched: false,
  };
  await writeManifest(ports.store, published);
  await switchViews(ports, published, Object.keys(before?.views ?? {}));
}

/** Finishes a switch that broke off; answers whether there was one. */
export async function finishSwitch(ports: ViewPorts): Promise<boolean> {
  const published = await readPublishedRun(ports.store);
  if (!published || published.is_switched) {
    return false;
  }
  await switchViews(ports, published, []);
  return true;
}

/** One view after the other: each reads either the old run or the new one, whole. */
async function switchViews(
  { settings, store, statements }: ViewPorts,
  published: PublishedRun,
  known: readonly string[],
): Promise<void> {
  const from = quoted(runDatabase(settings.database, published.run_id));
  const to = quoted(settings.database);
  for (const [name, columns] of Object.entries(published.views)) {
    const list = columns.map(quoted).join(', ');
    await statements.run(
      `create or replace view ${to}.${quoted(name)} as select ${list} from ${from}.${quoted(name)}`,
    );
  }
  for (const name of known.filter((other) => !(other in published.views))) {
    await statements.run(`drop view if exists ${to}.${quoted(name)}`);
  }
  await writeManifest(store, { ...published, is_switched: true });
}

async function writeManifest(store: S3ObjectStore, published: PublishedRun): Promise<void> {
  await store.putText(manifestKey, `${JSON.stringify(published, null, 2)}\n`);
}
