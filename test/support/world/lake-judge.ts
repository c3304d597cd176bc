import { DuckdbConnection, literal } from '../../../functions/adapters/duckdb-connection.ts';
import { lakeCut, replacedMarkers } from '../../../functions/core/lake-cut.ts';
import { isBatchReceipt } from '../../../functions/core/lake-records.ts';
import type { ObjectStore } from '../../../functions/ports/object-store.ts';
import { readLakeRecords } from '../../../functions/use-cases/read-lake.ts';
import { verifyLake } from '../../../functions/use-cases/verify-lake.ts';
import type { Finding } from './fault-loop.ts';

export interface Acknowledged {
  /** Ids of files that were imported to their end. */
  readonly importIds: readonly string[];
  /** By the number of the item in it. */
  readonly ingestIds: readonly string[];
  /** Of items that make a touchpoint. */
  readonly touchpointIds: readonly string[];
}

const SQL_OF_ZONES: readonly (readonly [zone: string, folder: string, columns: string, empty: string])[] = [
  ['items', 'lake/raw/items', 'ingest_id', 'ingest_id varchar'],
  ['refused', 'lake/quarantine', 'ingest_id', 'ingest_id varchar'],
  [
    'touchpoints',
    'lake/raw/touchpoints',
    'ingest_id, touchpoint_id',
    'ingest_id varchar, touchpoint_id varchar',
  ],
];

const some = (ids: readonly string[]): string => `${ids.length}, such as ${ids.slice(0, 3).join(' ')}`;

/** Judges a lake from its listings and objects alone: what a run would read now, and what it would miss. */
export class LakeJudge {
  readonly #connection: DuckdbConnection;

  private constructor(connection: DuckdbConnection) {
    this.#connection = connection;
  }

  static async open(temporaryDirectory: string): Promise<LakeJudge> {
    const settings = { memoryLimit: '256MB', threads: 1, temporaryDirectory };
    return new LakeJudge(await DuckdbConnection.open(':memory:', settings));
  }

  close(): void {
    this.#connection.close();
  }

  /** That no run could read an item twice, at any time. */
  async judgeAlways(store: ObjectStore): Promise<readonly Finding[]> {
    const { objects } = lakeCut(await readLakeRecords(store));
    const gone = await missing(store, objects);
    if (gone) {
      return gone;
    }
    await this.#attach(store, objects);
    return this.#doubled();
  }

  async #doubled(): Promise<readonly Finding[]> {
    const doubled = await this.#texts(`select ingest_id from received group by 1 having count(*) > 1`);
    const twice = await this.#texts(
      'select touchpoint_id from touchpoints group by ingest_id, touchpoint_id having count(*) > 1',
    );
    return [...doubled, ...twice].length === 0
      ? []
      : [{ check: 'doubled', text: `items a run reads twice: ${some([...doubled, ...twice])}` }];
  }

  /** That every acknowledged item is there once, that receipts and objects agree, and that nothing else lies around. */
  async judgeQuiet(
    store: ObjectStore,
    { importIds, ingestIds, touchpointIds }: Acknowledged,
  ): Promise<readonly Finding[]> {
    const records = await readLakeRecords(store);
    const { objects, receipts, unlanded } = lakeCut(records);
    const replaced = replacedMarkers(records.markers);
    const gone = await missing(store, objects);
    if (gone) {
      return gone;
    }
    await this.#attach(store, objects);
    const found = new Set(await this.#texts('select distinct ingest_id from received'));
    const shown = new Set(await this.#texts('select distinct touchpoint_id from touchpoints'));
    const lost = [
      ...ingestIds.filter((id) => !found.has(id)),
      ...touchpointIds.filter((id) => !shown.has(id)),
      ...importIds.filter((id) => !receipts.some(({ import_id }) => import_id === id)),
    ];
    const counted = Map.groupBy(found, (id) => id.slice(0, -':0000000000'.length));
    const accepted = receipts.flatMap((receipt) =>
      isBatchReceipt(receipt) ? receipt.requests : [{ id: receipt.import_id, items: receipt.items }],
    );
    const unaccounted = accepted.filter(({ id, items }) => counted.get(id)?.length !== items);
    const madeUp = [...counted.keys()].filter((id) => !accepted.some((one) => one.id === id));
    const faults = await verifyLake(store);
    const litter = await litterOf(store, objects);
    return [
      ...litter.slice(0, 1).map((key) => ({ check: 'stuck', text: `${key} lies around for good` }) as const),
      ...(await this.#doubled()),
      ...(lost.length > 0 ? [{ check: 'lost', text: `acknowledged items: ${some(lost)}` } as const] : []),
      ...[...unaccounted.map(({ id }) => id), ...madeUp]
        .slice(0, 1)
        .map((id) => ({ check: 'unaccounted', text: `${id} has other items than its receipt` }) as const),
      ...unlanded
        .slice(0, 1)
        .map(({ import_id }) => ({ check: 'stuck', text: `${import_id} never lands` }) as const),
      ...[...replaced]
        .slice(0, 1)
        .map((key) => ({ check: 'stuck', text: `${key} is replaced and stays` }) as const),
      ...faults.slice(0, 1).map((text) => ({ check: 'torn', text }) as const),
    ];
  }

  async #attach(store: ObjectStore, objects: ReadonlySet<string>): Promise<void> {
    for (const [zone, folder, columns, empty] of SQL_OF_ZONES) {
      const paths = [...objects]
        .filter((key) => key.startsWith(`${folder}/`))
        .map((key) => literal(store.localPath(key)));
      await this.#connection.run(`drop table if exists ${zone}`);
      await this.#connection.run(
        paths.length === 0
          ? `create table ${zone} (${empty})`
          : `create table ${zone} as select ${columns} from read_parquet([${paths}], union_by_name = true)`,
      );
    }
    await this.#connection.run(
      'create or replace view received as select ingest_id from items union all select ingest_id from refused',
    );
  }

  async #texts(select: string): Promise<readonly string[]> {
    return (await this.#connection.rows(select)).map((row) => String(Object.values(row)[0]));
  }
}

/** Objects that a run would read, and that are not there. */
async function missing(
  store: ObjectStore,
  objects: ReadonlySet<string>,
): Promise<readonly Finding[] | undefined> {
  const there = new Set(await store.list('lake'));
  const gone = [...objects].filter((key) => !there.has(key));
  return gone.length > 0
    ? [{ check: 'lost', text: `objects that a run would read: ${some(gone)}` }]
    : undefined;
}

/** Objects that no run reads and markers, of no receipt: nothing is left by which they could be put in order. */
async function litterOf(store: ObjectStore, read: ReadonlySet<string>): Promise<readonly string[]> {
  const keys = await store.list('lake');
  const importIn = (key: string): string => key.replace(/^.*\//, '').replace(/\.(json|parquet)$/, '');
  const received = new Set(keys.filter((key) => key.startsWith('lake/receipts/')).map(importIn));
  const unknown = keys.filter(
    (key) => !key.startsWith('lake/identity-key') && !read.has(key) && !received.has(importIn(key)),
  );
  const texts = await Promise.all(unknown.map((key) => (key.endsWith('.json') ? store.getText(key) : '')));
  return unknown.filter((_, index) => !texts[index]?.includes('"is_dead":true'));
}
