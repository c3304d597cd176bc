import { errorText } from '../core/errors.ts';
import { namedObjects, replacedMarkers } from '../core/lake-cut.ts';
import { lakeFolders } from '../core/lake-layout.ts';
import { isBatchReceipt, readLandedMarker, readReceipt } from '../core/lake-records.ts';
import type { Ledger, LedgerCounts } from '../ports/ledger.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { DuckdbConnection, type DuckdbSettings, literal } from './duckdb-connection.ts';

const TRIES = 3;

const IDS_AT_ONCE = 20_000;

/** Id, source and items. */
type Accepted = readonly [string, string, string];

/** Recomputes the ledger from receipts, raw and quarantine; it knows nothing of what an import printed. */
export class DuckdbLedger implements Ledger {
  readonly #store: ObjectStore;
  readonly #settings: DuckdbSettings;
  readonly #facts: readonly string[];

  constructor(store: ObjectStore, settings: DuckdbSettings, facts: readonly string[]) {
    this.#store = store;
    this.#settings = settings;
    this.#facts = facts;
  }

  async count(importIds?: readonly string[]): Promise<readonly LedgerCounts[]> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#countOnce(importIds);
      } catch (error) {
        // compaction may have taken objects away since they were listed; what was in them is in newer ones
        if (tries === TRIES || !errorText(error).startsWith('IO Error')) {
          throw error;
        }
      }
    }
  }

  async #countOnce(importIds: readonly string[] | undefined): Promise<readonly LedgerCounts[]> {
    const connection = await DuckdbConnection.open(':memory:', this.#settings);
    try {
      await this.#attach(connection, importIds);
      const rows = await connection.rows(LEDGER_SQL);
      return gather(rows);
    } finally {
      connection.close();
    }
  }

  async #attach(connection: DuckdbConnection, importIds: readonly string[] | undefined): Promise<void> {
    const named = await this.#namedObjects();
    await connection.run('create table receipts (id varchar, source varchar, items bigint)');
    const accepted = await this.#accepted(importIds && new Set(importIds));
    for (let start = 0; start < accepted.length; start += IDS_AT_ONCE) {
      await connection.rows(INSERT_ACCEPTED, [JSON.stringify(accepted.slice(start, start + IDS_AT_ONCE))]);
    }
    const itemColumns = 'ingest_id varchar, source varchar';
    await this.#view(connection, named, 'items', lakeFolders.items, 'ingest_id, source', itemColumns);
    await this.#view(
      connection,
      named,
      'quarantine',
      lakeFolders.quarantine,
      'ingest_id, source, reason',
      `${itemColumns}, reason varchar`,
    );
    const rowColumns = 'ingest_id varchar, row_id varchar, received_at timestamp';
    await this.#view(
      connection,
      named,
      'rows_touchpoints',
      lakeFolders.rows('touchpoints'),
      'ingest_id, touchpoint_id as row_id, received_at',
      rowColumns,
    );
    for (const fact of this.#facts) {
      await this.#view(
        connection,
        named,
        `rows_${fact}`,
        lakeFolders.rows(fact),
        'ingest_id, fact_id as row_id, received_at',
        rowColumns,
      );
    }
    const relations = ['touchpoints', ...this.#facts];
    await connection.run(
      `create view all_rows as ${relations.map((name) => `select '${name}' as relation, * from rows_${name}`).join(' union all ')}`,
    );
  }

  /** What was accepted by what begins its ingest ids: files, and requests, each once however many batches hold it. */
  async #accepted(importIds: ReadonlySet<string> | undefined): Promise<readonly Accepted[]> {
    const accepted = new Map<string, Accepted>();
    for (const [, receipt] of await this.#read(lakeFolders.receipts, readReceipt)) {
      const { import_id, source, items } = receipt;
      const parts = isBatchReceipt(receipt) ? receipt.requests : [{ id: import_id, items }];
      for (const part of importIds?.has(import_id) === false ? [] : parts) {
        accepted.set(`${source} ${part.id}`, [part.id, source, String(part.items)]);
      }
    }
    return [...accepted.values()];
  }

  /** What complete imports consist of; what a broken one left is not counted. */
  async #namedObjects(): Promise<ReadonlySet<string>> {
    const markers = new Map(await this.#read(lakeFolders.landed, readLandedMarker));
    const replaced = replacedMarkers(markers);
    return new Set(
      [...markers].filter(([key]) => !replaced.has(key)).flatMap(([, marker]) => namedObjects(marker)),
    );
  }

  async #read<T>(
    folder: string,
    read: (text: string, key: string) => T,
  ): Promise<readonly (readonly [string, T])[]> {
    const records: (readonly [string, T])[] = [];
    for (const key of await this.#store.list(folder)) {
      const text = await this.#store.getText(key);
      if (text !== undefined) {
        records.push([key, read(text, key)]);
      }
    }
    return records;
  }

  async #view(
    connection: DuckdbConnection,
    named: ReadonlySet<string>,
    name: string,
    folder: string,
    select: string,
    columns: string,
  ): Promise<void> {
    const keys = (await this.#store.list(folder)).filter((key) => named.has(key));
    const paths = keys.map((key) => literal(this.#store.localPath(key)));
    await connection.run(
      paths.length === 0
        ? `create table ${name} (${columns})`
        : `create view ${name} as select ${select} from read_parquet([${paths}], union_by_name = true)`,
    );
  }
}

const INSERT_ACCEPTED = `insert into receipts
  select cells[1], cells[2], cells[3]::bigint from (select unnest(from_json($1::json, '[["VARCHAR"]]')) as cells) as given`;

const LEDGER_SQL = `
with wanted_items as (
  select items.ingest_id, items.source from items
  where left(items.ingest_id, length(items.ingest_id) - 11) in (select id from receipts)
),
wanted_rows as (
  select all_rows.relation, all_rows.row_id from all_rows
  where left(all_rows.ingest_id, length(all_rows.ingest_id) - 11) in (select id from receipts)
),
first_rows as (
  select all_rows.relation, all_rows.row_id,
    min({'received_at': all_rows.received_at, 'ingest_id': all_rows.ingest_id}) as first_row
  from all_rows semi join wanted_rows using (relation, row_id)
  group by 1, 2
),
kept_items as (select distinct first_row.ingest_id as ingest_id from first_rows),
quarantined_items as (
  select source, ingest_id, min(reason) as reason from quarantine
  where left(ingest_id, length(ingest_id) - 11) in (select id from receipts) group by 1, 2
),
outcomes as (
  select source, 'quarantined' as outcome, reason, count(*) as count_items from quarantined_items group by all
  union all
  select source, case when ingest_id in (select ingest_id from kept_items) then 'loaded' else 'duplicate' end, '',
    count(distinct ingest_id)
  from wanted_items where ingest_id not in (select ingest_id from quarantined_items) group by all
  union all
  select source, 'accepted', '', sum(items)::bigint from receipts group by all
)
select source, outcome, reason, count_items::bigint as count_items from outcomes order by all`;

function gather(rows: readonly Readonly<Record<string, unknown>>[]): readonly LedgerCounts[] {
  const sources = [...new Set(rows.map((row) => String(row.source)))].sort();
  return sources.map((source) => {
    const own = rows.filter((row) => row.source === source);
    const total = (outcome: string) =>
      own.filter((row) => row.outcome === outcome).reduce((sum, row) => sum + Number(row.count_items), 0);
    const quarantined = Object.fromEntries(
      own
        .filter((row) => row.outcome === 'quarantined')
        .map((row) => [String(row.reason), Number(row.count_items)]),
    );
    const counts = { accepted: total('accepted'), loaded: total('loaded'), duplicate: total('duplicate') };
    return {
      source,
      ...counts,
      quarantined,
      suppressed: 0,
      unaccounted: counts.accepted - counts.loaded - counts.duplicate - total('quarantined'),
    };
  });
}
