import { lastMidnight } from '../core/calendar.ts';
import type { Catalogue } from '../core/catalogue.ts';
import type { Configuration } from '../core/configuration.ts';
import { ConfigurationError, LakeError } from '../core/errors.ts';
import { type LakeCut, lakeCut } from '../core/lake-cut.ts';
import { lakeFolders } from '../core/lake-layout.ts';
import type { ColumnDataType } from '../core/model-definition.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Columns, Warehouse } from '../ports/warehouse.ts';
import { makeParameterTables, type Span } from './make-parameter-tables.ts';
import { readLakeRecords } from './read-lake.ts';

const factEnvelope: Columns = {
  fact_id: 'varchar',
  ingest_id: 'varchar',
  source: 'varchar',
  received_at: 'timestamp',
};

/** Columns of every relation that models read and no model makes. */
export function inputColumns(
  catalogue: Pick<Catalogue, 'inputs' | 'facts'>,
): Readonly<Record<string, Columns>> {
  const declared = catalogue.inputs.map(({ input, columns }) => [input, typesOf(columns)] as const);
  const facts = Object.values(catalogue.facts).map(
    (fact) => [`raw_${fact.fact}`, { ...factEnvelope, ...typesOf(fact.columns) }] as const,
  );
  return Object.fromEntries([...declared, ...facts]);
}

const typesOf = (columns: Readonly<Record<string, { readonly type: ColumnDataType }>>): Columns =>
  Object.fromEntries(Object.entries(columns).map(([name, { type }]) => [name, type]));

export interface PreparedInputs {
  readonly asOf: Date;
  readonly rowsIn: number;
  /** Batches that were accepted and are not landed: being landed, waiting in the queue, or lost. */
  readonly unlanded: number;
  /** Keys of markers whose import a replay, a remap or a copy has begun to change and not finished. */
  readonly changing: readonly string[];
  /** When the newest import was received; undefined where there is none. */
  readonly newestReceipt: string | undefined;
}

/** Attaches the lake, and makes the parameter and seed tables of a run. */
export async function prepareInputs(
  warehouse: Warehouse,
  store: ObjectStore,
  catalogue: Catalogue,
  configuration: Configuration,
  wantedAsOf: Date | undefined,
): Promise<PreparedInputs> {
  checkCut(wantedAsOf);
  const columns = inputColumns(catalogue);
  const cut = await attachLake(warehouse, store, catalogue, columns);
  const span = await touchpointSpan(warehouse);
  const zone = configuration.reporting.time_zone;
  const asOf = wantedAsOf ?? (span ? lastMidnight(zone, span.last) : undefined);
  if (!asOf) {
    throw new LakeError(
      'the lake holds no touchpoints yet',
      'Import files first: dongu import PATH --source NAME.',
    );
  }
  const time = { asOf, span: span ?? { first: asOf, last: asOf } };
  await makeParameterTables(warehouse, catalogue, configuration, columns, time);
  const [counted] = await warehouse.rows('select count(*) as n from raw_touchpoints');
  return {
    asOf,
    rowsIn: Number(counted?.n ?? 0),
    unlanded: cut.unlanded.length,
    changing: cut.changing,
    newestReceipt: cut.receipts
      .map(({ received_at }) => received_at)
      .sort()
      .at(-1),
  };
}

/** Touchpoints begin in 1970; a calendar to the end of time would take minutes and serve nobody. */
function checkCut(asOf: Date | undefined): void {
  const year = asOf?.getUTCFullYear() ?? 2000;
  if (year < 1970 || year > 2100) {
    throw new ConfigurationError(
      `the as-of instant ${asOf?.toISOString() ?? ''} is out of range`,
      'Choose one between 1970 and 2100.',
    );
  }
}

async function attachLake(
  warehouse: Warehouse,
  store: ObjectStore,
  catalogue: Catalogue,
  columns: Readonly<Record<string, Columns>>,
): Promise<LakeCut> {
  const cut = lakeCut(await readLakeRecords(store));
  const objectsOf = async (folder: string) =>
    (await store.list(folder)).filter((key) => cut.objects.has(key));
  const zones = [
    ['raw_touchpoints', lakeFolders.rows('touchpoints')],
    ['raw_items', lakeFolders.items],
    ['quarantined_items', lakeFolders.quarantine],
    ...Object.keys(catalogue.facts).map((fact) => [`raw_${fact}`, lakeFolders.rows(fact)] as const),
  ] as const;
  const objects = new Map<string, readonly string[]>();
  for (const [name, folder] of zones) {
    objects.set(name, await objectsOf(folder));
  }
  await store.bring?.([...objects.values()].flat());
  for (const [name, keys] of objects) {
    const addresses = keys.map((key) => store.address(key));
    await warehouse.attachParquet(name, columns[name] ?? {}, addresses);
  }
  await warehouse.createFromRows(
    'receipts',
    columns.receipts ?? {},
    cut.receipts.map(({ import_id, source, items, received_at }) => ({
      import_id,
      source,
      items,
      received_at: received_at.replace('T', ' ').replace('Z', ''),
    })),
  );
  return cut;
}

async function touchpointSpan(warehouse: Warehouse): Promise<Span | undefined> {
  const [row] = await warehouse.rows(`select
    cast(floor(to_unixtime(min(occurred_at))) as bigint) as first_second, cast(floor(to_unixtime(max(occurred_at))) as bigint) as last_second
    from raw_touchpoints where kind = 'touchpoint'`);
  if (row?.first_second === null || row?.first_second === undefined) {
    return undefined;
  }
  return { first: new Date(Number(row.first_second) * 1000), last: new Date(Number(row.last_second) * 1000) };
}
