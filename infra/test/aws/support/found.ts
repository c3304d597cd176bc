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

/** The file of tables that DuckDB has published last. */
export async function publishedTables(installation: Installation, lake: string): Promise<Uint8Array> {
  const files = (await installation.keys(lake, 'runs/duckdb/')).filter((key) => key.endsWith('.duckdb'));
  const last = files.sort().at(-1);
  if (last === undefined) throw new Error('no run has published tables');
  return installation.bytes(lake, last);
}

/** Answers of the tables that DuckDB has published last, one for each select, as lists of cells. */
export async function rowsInWarehouse(
  installation: Installation,
  lake: string,
  selects: readonly string[],
): Promise<readonly (readonly (readonly unknown[])[])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'dongu-aws-'));
  try {
    const file = join(folder, 'warehouse.duckdb');
    await writeFile(file, await publishedTables(installation, lake));
    const answers = [];
    for (const select of selects) {
      const { rows, columns } = await queryWarehouse(file, select);
      answers.push(rows.map((row) => columns.map((column) => row[column])));
    }
    return answers;
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
  place = '',
): Promise<{ readonly manifest: Manifest; readonly tiles: ReadonlyMap<string, number> }> {
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await installation.text(dashboards, `${place}dashboards/${file}`));
  const manifest = (await read('manifest.json')) as Manifest;
  const path = manifest.views.kpi_tiles?.files.json.path ?? '';
  const view = (await read(path)) as View;
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
