import { join } from 'node:path';
import { FolderObjectStore } from '../../../functions/adapters/folder-object-store.ts';
import type { Manifest, View } from '../../../functions/core/snapshot.ts';
import type { Warehouse } from '../../../functions/ports/warehouse.ts';
import { publishSnapshot } from '../../../functions/use-cases/publish-snapshot.ts';
import { heldLease } from '../held-lease.ts';
import type { BuiltOn, Plan, TwoEngines } from './two-engines.ts';

interface Published {
  readonly manifest: Manifest;
  readonly texts: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** Ids and times are the same for both engines, so that whatever differs comes from the rows. */
async function publish(folder: string, plan: Plan, built: BuiltOn<Warehouse>): Promise<Published> {
  const store = new FolderObjectStore(folder);
  const warnings: string[] = [];
  const at = '2035-01-01T00:00:00.000Z';
  const report = {
    runId: 'parity',
    asOf: built.inputs.asOf.toISOString(),
    startedAt: at,
    finishedAt: at,
    engine: 'duckdb',
    status: 'ok',
    models: [],
    checks: [],
  } as const;
  const manifest = await publishSnapshot(
    built.warehouse,
    { report, rowsIn: built.inputs.rowsIn },
    { snapshotId: 'parity', generatedAt: new Date(at), gitSha: '', configuration: plan.configuration },
    {
      store,
      lease: heldLease,
      telemetry: { step: () => {}, done: () => {}, warn: (text) => void warnings.push(text) },
      renderSite: () => [],
    },
  );
  const keys = await store.list('dashboards');
  const texts = await Promise.all(
    keys.map(async (key) => [key.replace(/^dashboards\//, ''), (await store.getText(key)) ?? ''] as const),
  );
  return { manifest, texts: new Map(texts), warnings };
}

export interface ComparedSnapshots {
  readonly views: number;
  readonly cells: number;
  readonly differences: readonly string[];
}

/** Publishes both engines' snapshots and compares every view file; what could not be published is a difference too. */
export async function compareSnapshots(folder: string, both: TwoEngines): Promise<ComparedSnapshots> {
  const [duckdb, athena] = await Promise.all([
    publish(join(folder, 'snapshot-duckdb'), both.plan, both.duckdb),
    publish(join(folder, 'snapshot-athena'), both.plan, both.athena),
  ]);
  const ids = [...new Set([...Object.keys(duckdb.manifest.views), ...Object.keys(athena.manifest.views)])];
  const views = ids.map((id) => [viewOf(duckdb, id), viewOf(athena, id)] as const);
  const differences = views.flatMap(([one, other], index) => viewDifferences(ids[index] ?? '', one, other));
  const warnings = [...duckdb.warnings, ...athena.warnings];
  const isSame = JSON.stringify(duckdb.manifest) === JSON.stringify(athena.manifest);
  return {
    views: ids.length,
    cells: views.reduce((sum, [one]) => sum + (one?.rows.length ?? 0) * (one?.columns.length ?? 0), 0),
    differences: [
      ...warnings,
      ...differences,
      // the manifest holds the digests of all files, those that people download too
      ...(isSame || differences.length > 0 ? [] : ['the manifests differ although the views do not']),
    ],
  };
}

function viewOf({ manifest, texts }: Published, id: string): View | undefined {
  const text = texts.get(manifest.views[id]?.files.json.path ?? '');
  return text === undefined ? undefined : (JSON.parse(text) as View);
}

function viewDifferences(id: string, one: View | undefined, other: View | undefined): readonly string[] {
  if (!one || !other || one.rows.length !== other.rows.length || one.status !== other.status) {
    const said = (view: View | undefined) => (view ? `${view.status}, ${view.rows.length} rows` : 'missing');
    return [`view ${id}: duckdb ${said(one)}; athena ${said(other)}`];
  }
  return one.rows.flatMap((row, place) =>
    one.columns.flatMap(({ key }, index) => {
      const [here, there] = [row[index], other.rows[place]?.[index]];
      return here === there
        ? []
        : [
            `view ${id}, ${key} of row ${place + 1} (${JSON.stringify(row)}): duckdb ${String(here)}, athena ${String(there)}`,
          ];
    }),
  );
}
