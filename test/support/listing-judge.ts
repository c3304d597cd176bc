import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

// Judges a lake by its folders and files alone, with none of the program's code: what the receipts say was accepted, and what
// the objects hold. It knows only the layout that docs/lake.md tells.

export interface Judged {
  readonly accepted: number;
  /** Items that a receipt tells and no object holds. */
  readonly unaccounted: number;
  /** Items that an object holds and no receipt tells. */
  readonly madeUp: number;
  /** Items that lie in two objects, or twice in one. */
  readonly doubled: number;
  readonly inItems: number;
  readonly quarantined: Readonly<Record<string, number>>;
  readonly touchpointRows: number;
  readonly touchpointIds: number;
  /** Objects that no marker names, that are gone, or that are not what their marker says; requests in two receipts. */
  readonly faults: readonly string[];
}

interface Marker {
  readonly objects: readonly { readonly key: string; readonly sha256: string; readonly bytes: number }[];
}

interface Receipt {
  readonly requests: readonly { readonly id: string; readonly items: number }[];
}

async function filesBelow(home: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(home, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(home.length + 1))
    .sort();
}

const jsonOf = async <T>(home: string, key: string): Promise<T> =>
  JSON.parse(await readFile(join(home, key), 'utf8')) as T;

export async function judgeListing(home: string): Promise<Judged> {
  const keys = await filesBelow(home, 'lake');
  const below = (folder: string): readonly string[] =>
    keys.filter((key) => key.startsWith(`lake/${folder}/`));
  const faults = await markerFaults(home, below('landed'), [
    ...below('raw'),
    ...below('quarantine'),
    ...below('identities').filter((key) => key.endsWith('.parquet')),
  ]);
  const accepted = new Map<string, number>();
  for (const key of below('receipts')) {
    for (const { id, items } of (await jsonOf<Receipt>(home, key)).requests) {
      faults.push(...(accepted.has(id) ? [`request ${id} is in two receipts`] : []));
      accepted.set(id, items);
    }
  }
  const counts = await countObjects(home, accepted, {
    items: below('raw/items'),
    refused: below('quarantine'),
    rows: below('raw/touchpoints'),
  });
  return { ...counts, accepted: [...accepted.values()].reduce((sum, items) => sum + items, 0), faults };
}

async function markerFaults(
  home: string,
  markers: readonly string[],
  objects: readonly string[],
): Promise<string[]> {
  const faults: string[] = [];
  const named = new Set<string>();
  for (const marker of markers) {
    for (const { key, sha256, bytes } of (await jsonOf<Marker>(home, marker)).objects) {
      named.add(key);
      const content = await readFile(join(home, key)).catch(() => Buffer.alloc(0));
      const isSame =
        content.length === bytes && createHash('sha256').update(content).digest('hex') === sha256;
      faults.push(...(isSame ? [] : [`${key} is not what its marker says`]));
    }
  }
  return [...faults, ...objects.filter((key) => !named.has(key)).map((key) => `${key} has no marker`)];
}

type Counts = Omit<Judged, 'accepted' | 'faults'>;

async function countObjects(
  home: string,
  accepted: ReadonlyMap<string, number>,
  objects: Readonly<Record<'items' | 'refused' | 'rows', readonly string[]>>,
): Promise<Counts> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB', threads: '2' });
  const connection = await instance.connect();
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const one = async (sql: string): Promise<number> => Number(Object.values((await rows(sql))[0] ?? {})[0]);
  try {
    for (const [name, keys] of Object.entries(objects)) {
      const paths = keys.map((key) => `'${join(home, key).replaceAll("'", "''")}'`);
      await connection.run(
        `create view ${name} as select * from read_parquet([${paths}], union_by_name = true)`,
      );
    }
    const requests = [...accepted].map(([id, items]) => `('${id}', ${items})`);
    await connection.run(`create table accepted as
      select id || ':' || lpad(cast(unnest(range(items)) as varchar), 10, '0') as ingest_id
      from (values ${requests.join(',')}) as request(id, items)`);
    await connection.run(
      'create table found as select ingest_id, count(*) as times from (select ingest_id from items union all select ingest_id from refused) group by 1',
    );
    const reasons = await rows('select reason, count(*) as n from refused group by 1');
    return {
      unaccounted: await one('select count(*) from accepted anti join found using (ingest_id)'),
      madeUp: await one('select count(*) from found anti join accepted using (ingest_id)'),
      doubled: await one('select count(*) from found where times > 1'),
      inItems: await one('select count(*) from items'),
      quarantined: Object.fromEntries(reasons.map(({ reason, n }) => [String(reason), Number(n)])),
      touchpointRows: await one('select count(*) from rows'),
      touchpointIds: await one('select count(distinct touchpoint_id) from rows'),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
