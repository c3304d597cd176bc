import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { queryWarehouse } from '../../../../functions/adapters/duckdb-reader.ts';
import type { Manifest, View } from '../../../../functions/core/snapshot.ts';
import type { Installation } from './installation.ts';

export interface FoundOrder {
  readonly touchpointId: string;
  readonly orderId: string;
  readonly kurus: number;
}

const byId = (a: FoundOrder, b: FoundOrder): number => (a.touchpointId < b.touchpointId ? -1 : 1);

/** Orders in the tables of the run that DuckDB has published last. */
export async function ordersInWarehouse(
  installation: Installation,
  lake: string,
): Promise<readonly FoundOrder[]> {
  const files = (await installation.keys(lake, 'runs/duckdb/')).filter((key) => key.endsWith('.duckdb'));
  const last = files.sort().at(-1);
  if (last === undefined) throw new Error('no run has published tables');
  const folder = await mkdtemp(join(tmpdir(), 'dongu-aws-'));
  try {
    const file = join(folder, 'warehouse.duckdb');
    await writeFile(file, await installation.bytes(lake, last));
    const { rows } = await queryWarehouse(file, ordersSql);
    return rows
      .map((row) => ({
        touchpointId: String(row.touchpoint_id),
        orderId: String(row.order_id),
        kurus: Number(row.kurus),
      }))
      .sort(byId);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same text for both engines. */
export const ordersSql =
  'select touchpoint_id, order_id, cast(amount * 100 as bigint) as kurus from touchpoints';

/** Figures of the published page, added up over its months: what a browser is given. Only of those that can be added up. */
export async function publishedTiles(
  installation: Installation,
  dashboards: string,
): Promise<{ readonly manifest: Manifest; readonly tiles: ReadonlyMap<string, number> }> {
  const manifest = JSON.parse(await installation.text(dashboards, 'dashboards/manifest.json')) as Manifest;
  const path = manifest.views.kpi_tiles?.files.json.path ?? '';
  const view = JSON.parse(await installation.text(dashboards, `dashboards/${path}`)) as View;
  const at = (key: string): number => view.columns.findIndex((column) => column.key === key);
  const tiles = new Map<string, number>();
  for (const row of view.rows) {
    const name = String(row[at('kpi_id')]);
    tiles.set(name, (tiles.get(name) ?? 0) + Number(row[at('value')] ?? 0));
  }
  return { manifest, tiles };
}

/** Waits until it holds; throws what is said after so many seconds. */
export async function until(
  holds: () => Promise<boolean>,
  seconds: number,
  otherwise: () => Promise<string>,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(await otherwise());
    await sleep(250);
  }
}
