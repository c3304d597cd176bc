import { lakeFolders } from '../core/lake-layout.ts';
import type { Ledger, LedgerCounts } from '../ports/ledger.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { DuckdbConnection, type DuckdbSettings, literal } from './duckdb-connection.ts';

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
    const wanted = importIds ? `where import_id in (${['', ...importIds].map(literal).join(', ')})` : '';
    const receipts = await this.#paths(lakeFolders.receipts);
    await connection.run(
      receipts.length === 0
        ? 'create table receipts (import_id varchar, source varchar, items bigint)'
        : `create table receipts as select import_id, source, items::bigint as items
             from read_json([${receipts}], columns = {import_id: 'VARCHAR', source: 'VARCHAR', items: 'BIGINT'}) ${wanted}`,
    );
    const itemColumns = 'ingest_id varchar, source varchar';
    await this.#view(connection, 'items', lakeFolders.items, 'ingest_id, source', itemColumns);
    await this.#view(
      connection,
      'quarantine',
      lakeFolders.quarantine,
      'ingest_id, source, reason',
      `${itemColumns}, reason varchar`,
    );
    const rowColumns = 'ingest_id varchar, row_id varchar, received_at timestamp';
    await this.#view(
      connection,
      'rows_touchpoints',
      lakeFolders.rows('touchpoints'),
      'ingest_id, touchpoint_id as row_id, received_at',
      rowColumns,
    );
    for (const fact of this.#facts) {
      await this.#view(
        connection,
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

  async #paths(folder: string): Promise<readonly string[]> {
    const keys = await this.#store.list(folder);
    return keys.map((key) => literal(this.#store.localPath(key)));
  }

  async #view(
    connection: DuckdbConnection,
    name: string,
    folder: string,
    select: string,
    columns: string,
  ): Promise<void> {
    const paths = await this.#paths(folder);
    await connection.run(
      paths.length === 0
        ? `create table ${name} (${columns})`
        : `create view ${name} as select ${select} from read_parquet([${paths}], union_by_name = true)`,
    );
  }
}

const LEDGER_SQL = `
with wanted_items as (
  select items.ingest_id, items.source from items
  where left(items.ingest_id, 32) in (select import_id from receipts)
),
wanted_rows as (
  select all_rows.relation, all_rows.row_id from all_rows
  where left(all_rows.ingest_id, 32) in (select import_id from receipts)
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
  where left(ingest_id, 32) in (select import_id from receipts) group by 1, 2
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
