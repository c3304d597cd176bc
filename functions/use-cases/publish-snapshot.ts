import { createHash } from 'node:crypto';
import type { Configuration } from '../core/configuration.ts';
import { errorText, LakeError, UnfinishedRun } from '../core/errors.ts';
import { writeMachineCsv, writeTurkishCsv } from '../core/format/csv.ts';
import type {
  FileReference,
  Language,
  LifecycleSummary,
  Manifest,
  PublishedView,
  Snapshot,
  View,
} from '../core/snapshot.ts';
import { activityLifecycle } from '../core/views/activity-lifecycle.ts';
import { cohortRetention } from '../core/views/cohort-retention.ts';
import { kpiTiles } from '../core/views/kpi-tiles.ts';
import { lifecyclesSql, toLifecycles } from '../core/views/lifecycles.ts';
import { rfm, rfmGrid } from '../core/views/rfm.ts';
import { stageDropoff } from '../core/views/stage-dropoff.ts';
import { stageFlow } from '../core/views/stage-flow.ts';
import { stageHistory } from '../core/views/stage-history.ts';
import { stageOccupancy } from '../core/views/stage-occupancy.ts';
import { stageProfiles } from '../core/views/stage-profiles.ts';
import type { ViewSource } from '../core/views/view-source.ts';
import type { Lease } from '../ports/lease.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import { putWhileHeld } from './run-lease.ts';
import type { FinishedRun } from './run-pipeline.ts';

/** The views of the page, in its order. */
export const viewSources: readonly ViewSource[] = [
  kpiTiles,
  activityLifecycle,
  cohortRetention,
  rfm,
  rfmGrid,
];

/** The views that every lifecycle of the run has, in their order. */
export const lifecycleViewSources: readonly ((lifecycle: LifecycleSummary) => ViewSource)[] = [
  stageOccupancy,
  stageHistory,
  stageFlow,
  stageDropoff,
  stageProfiles,
];

const FOLDER = 'dashboards';
const DAY_MILLISECONDS = 86_400_000;

/** One file of the site, as the pages' renderer gives it. */
export interface RenderedFile {
  readonly path: string;
  readonly content: string;
  readonly mutable: boolean;
}

export interface PublishPorts {
  readonly store: ObjectStore;
  readonly telemetry: Telemetry;
  readonly lease: Pick<Lease, 'check'>;
  readonly renderSite: (
    snapshot: Snapshot,
    digest: (text: string) => string,
    first: Language,
  ) => readonly RenderedFile[];
}

export interface Publication {
  readonly snapshotId: string;
  readonly generatedAt: Date;
  readonly gitSha: string;
  readonly configuration: Configuration;
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/**
 * Publishes one snapshot: immutable files named by their content first, then its manifest, then the pages. Each
 * mutable file names only what is already there, so a reader sees the old snapshot or the new one, never a mixture; and a
 * run whose lease was taken over replaces none of them.
 */
export async function publishSnapshot(
  warehouse: Warehouse,
  run: FinishedRun,
  publication: Publication,
  ports: PublishPorts,
): Promise<Manifest> {
  const { store, telemetry } = ports;
  telemetry.step('publishing');
  const previous = await readManifest(store);
  const views: View[] = [];
  const published: Record<string, PublishedView> = {};
  const lifecycles = await readLifecycles(warehouse, previous, telemetry);
  const ofLifecycles = lifecycles.flatMap((lifecycle) => lifecycleViewSources.map((make) => make(lifecycle)));
  for (const source of [...viewSources, ...ofLifecycles]) {
    const view = await makeView(source, warehouse, run, publication, previous, ports);
    views.push(view);
    published[view.id] = await writeView(view, publication.configuration.reporting.currency, store);
  }
  const manifest = makeManifest(views, published, lifecycles, run, publication, previous);
  const site = ports.renderSite({ manifest, views }, sha256, publication.configuration.reporting.locale);
  for (const file of site.filter(({ mutable }) => !mutable)) {
    await store.putText(`${FOLDER}/${file.path}`, file.content, { ifAbsent: true });
  }
  // compact: it is asked for at every look, and each lifecycle adds its views to it
  const text = `${JSON.stringify(manifest)}\n`;
  await store.putText(`${FOLDER}/m/${manifest.snapshotId}.json`, text, { ifAbsent: true });
  await putWhileHeld(store, ports.lease, `${FOLDER}/manifest.json`, text);
  for (const file of site.filter(({ mutable }) => mutable)) {
    await putWhileHeld(store, ports.lease, `${FOLDER}/${file.path}`, file.content);
  }
  return manifest;
}

async function readManifest(store: ObjectStore): Promise<Manifest | undefined> {
  const text = await store.getText(`${FOLDER}/manifest.json`);
  return text ? (JSON.parse(text) as Manifest) : undefined;
}

/** The lifecycles of the run; those of the last snapshot when this one cannot tell, so that its views are carried. */
async function readLifecycles(
  warehouse: Warehouse,
  previous: Manifest | undefined,
  telemetry: Telemetry,
): Promise<readonly LifecycleSummary[]> {
  try {
    return toLifecycles(await warehouse.rows(lifecyclesSql));
  } catch (error) {
    throwUnfinished(error);
    telemetry.warn(`the lifecycles could not be read: ${errorText(error).split('\n')[0] ?? ''}`);
    return previous?.lifecycles ?? [];
  }
}

async function makeView(
  source: ViewSource,
  warehouse: Warehouse,
  run: FinishedRun,
  publication: Publication,
  previous: Manifest | undefined,
  ports: PublishPorts,
): Promise<View> {
  const minimumGroup = publication.configuration.privacy.minimum_group;
  const head = {
    schema: `dongu.view.${source.kind}/1` as const,
    id: source.id,
    kind: source.kind,
    ...(source.lifecycle === undefined ? {} : { lifecycle: source.lifecycle }),
    snapshotId: publication.snapshotId,
    asOf: run.report.asOf,
    grain: source.grain,
    title: source.title,
    columns: source.columns,
    definition: { text: source.definition, sqlModel: source.sqlModel, version: '1' },
  };
  try {
    const { rows, suppressed } = source.shape(await warehouse.rows(source.sql), {
      minimumGroup,
      currency: publication.configuration.reporting.currency,
    });
    const status = rows.length === 0 ? 'empty' : suppressed > 0 ? 'suppressed' : 'ok';
    return {
      ...head,
      status,
      rows,
      ...(suppressed > 0 ? { suppressed: { k: minimumGroup, rows: suppressed } } : {}),
    };
  } catch (error) {
    throwUnfinished(error);
    ports.telemetry.warn(
      `the view ${source.id} could not be renewed: ${errorText(error).split('\n')[0] ?? ''}`,
    );
    return (await carriedView(source.id, previous, ports.store)) ?? { ...head, status: 'error', rows: [] };
  }
}

/** Nothing is wrong with what could not be read for lack of time. */
function throwUnfinished(error: unknown): void {
  if (error instanceof UnfinishedRun) {
    throw error;
  }
}

/** The last good view with its own date, when this run cannot make one. */
async function carriedView(
  id: string,
  previous: Manifest | undefined,
  store: ObjectStore,
): Promise<View | undefined> {
  const path = previous?.views[id]?.files.json.path;
  const text = path ? await store.getText(`${FOLDER}/${path}`) : undefined;
  const view = text ? (JSON.parse(text) as View) : undefined;
  return view && view.status !== 'error' ? { ...view, status: 'carried' } : undefined;
}

async function writeView(view: View, currency: string, store: ObjectStore): Promise<PublishedView> {
  const write = async (extension: string, text: string): Promise<FileReference> => {
    const digest = sha256(text);
    const path = `d/${view.id}.${digest.slice(0, 16)}.${extension}`;
    await store.putText(`${FOLDER}/${path}`, text, { ifAbsent: true });
    if ((await store.getText(`${FOLDER}/${path}`)) !== text) {
      throw new LakeError(
        `the published file ${path} does not hold what was written`,
        'Check the disk and run again.',
      );
    }
    return { path, sha256: digest, bytes: Buffer.byteLength(text), rows: view.rows.length };
  };
  return {
    kind: view.kind,
    schema: view.schema,
    status: view.status,
    files: {
      json: await write('json', `${JSON.stringify(view)}\n`),
      csv: await write('csv', writeMachineCsv(view, currency)),
      csvTr: await write('tr.csv', writeTurkishCsv(view, currency)),
    },
  };
}

function makeManifest(
  views: readonly View[],
  published: Readonly<Record<string, PublishedView>>,
  lifecycles: readonly LifecycleSummary[],
  run: FinishedRun,
  publication: Publication,
  previous: Manifest | undefined,
): Manifest {
  const { configuration, generatedAt } = publication;
  const failedViews = views
    .filter(({ status }) => status === 'carried' || status === 'error')
    .map(({ id }) => id);
  return {
    schema: 'dongu.snapshot/1',
    snapshotId: publication.snapshotId,
    generatedAt: generatedAt.toISOString(),
    asOf: run.report.asOf,
    timezone: configuration.reporting.time_zone,
    currency: configuration.reporting.currency,
    sector: configuration.sector,
    lifecycles,
    nextExpectedAt: new Date(generatedAt.getTime() + DAY_MILLISECONDS).toISOString(),
    staleAfter: new Date(generatedAt.getTime() + 2 * DAY_MILLISECONDS).toISOString(),
    run: {
      status: failedViews.length === 0 ? 'ok' : 'partial',
      failedViews,
      runId: run.report.runId,
      modelVersion: '1',
      gitSha: publication.gitSha,
      rowsIn: run.rowsIn,
    },
    previous: previous?.snapshotId ?? null,
    views: published,
  };
}
