import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderSite } from '../../../dashboards/render-site.ts';
import { FolderObjectStore } from '../../../functions/adapters/folder-object-store.ts';
import { Configuration } from '../../../functions/core/configuration.ts';
import type { Manifest, View } from '../../../functions/core/snapshot.ts';
import type { Telemetry } from '../../../functions/ports/telemetry.ts';
import type { Warehouse } from '../../../functions/ports/warehouse.ts';
import { publishSnapshot } from '../../../functions/use-cases/publish-snapshot.ts';
import { openCaseDuckdb } from '../../support/case-engines.ts';
import { withFolder } from '../../support/engine.ts';
import { heldLease } from '../../support/held-lease.ts';
import { makeLifecycleTables, shopTables } from '../../support/stage-tables.ts';

const configuration = Configuration.parse({});
let full: Warehouse;
let broken: Warehouse;

beforeAll(async () => {
  full = await openCaseDuckdb();
  broken = await openCaseDuckdb();
  await makeLifecycleTables(full, shopTables);
});

afterAll(() => {
  full.close();
  broken.close();
});

function run(at: string) {
  const report = {
    runId: `run-${at}`,
    asOf: `${at}T21:00:00.000Z`,
    startedAt: `${at}T21:00:00.000Z`,
    finishedAt: `${at}T21:00:00.000Z`,
    engine: 'duckdb',
    status: 'ok',
    models: [],
    checks: [],
  } as const;
  return { report, rowsIn: 1 };
}

async function publish(warehouse: Warehouse, store: FolderObjectStore, at: string) {
  const warnings: string[] = [];
  const telemetry: Telemetry = { step: () => {}, done: () => {}, warn: (text) => warnings.push(text) };
  const manifest = await publishSnapshot(
    warehouse,
    run(at),
    { snapshotId: `snapshot-${at}`, generatedAt: new Date(`${at}T22:00:00Z`), gitSha: 'test', configuration },
    { store, telemetry, lease: heldLease, renderSite },
  );
  return { manifest, warnings };
}

async function publishedView(store: FolderObjectStore, manifest: Manifest, id: string): Promise<View> {
  const text = await store.getText(join('dashboards', manifest.views[id]?.files.json.path ?? 'none'));
  if (!text) throw new Error(`the view ${id} is not published`);
  return JSON.parse(text) as View;
}

const kinds = ['stage_occupancy', 'stage_history', 'stage_flow', 'stage_dropoff', 'stage_profiles'];

describe('publishing lifecycles', () => {
  it('names them in the manifest, and publishes five views of each', () =>
    withFolder(async (folder) => {
      const store = new FolderObjectStore(folder);
      const { manifest } = await publish(full, store, '2026-10-17');

      expect(manifest.lifecycles.map(({ id, version, stages }) => [id, version, stages.length])).toEqual([
        ['shop', 3, 3],
        ['value', 1, 1],
      ]);
      expect(manifest.lifecycles[0]?.stages[1]).toEqual({
        id: 'first_order',
        label: { tr: 'first_order (tr)', en: 'first_order' },
        order: 2,
        parent: 'purchase',
      });
      expect(Object.keys(manifest.views)).toEqual(
        expect.arrayContaining(['shop', 'value'].flatMap((id) => kinds.map((kind) => `${kind}.${id}`))),
      );
      const view = await publishedView(store, manifest, 'stage_occupancy.shop');
      expect(view).toMatchObject({
        lifecycle: 'shop',
        status: 'suppressed',
        schema: 'dongu.view.stage_occupancy/1',
      });
      expect(view.rows).toHaveLength(5);
      expect(await store.getText('dashboards/index.html')).toContain('id="occupancy-2"');
    }));

  it('carries lifecycles and views over when a run cannot tell them, with their own date', () =>
    withFolder(async (folder) => {
      const store = new FolderObjectStore(folder);
      await publish(full, store, '2026-10-17');
      const { manifest, warnings } = await publish(broken, store, '2026-10-18');
      const view = await publishedView(store, manifest, 'stage_history.shop');

      expect(warnings[0]).toContain('the lifecycles could not be read');
      expect(manifest.lifecycles).toHaveLength(2);
      expect(manifest.run.failedViews).toContain('stage_history.shop');
      expect(view).toMatchObject({ status: 'carried', asOf: '2026-10-17T21:00:00.000Z' });
      expect(await store.getText('dashboards/index.html')).toContain('17 Ekim 2026 tarihli son değerler');
    }));
});
