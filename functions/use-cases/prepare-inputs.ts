import { calendarDays, lastMidnight, localDayOf } from '../core/calendar.ts';
import type { Catalogue } from '../core/catalogue.ts';
import type { Configuration } from '../core/configuration.ts';
import { ConfigurationError, LakeError } from '../core/errors.ts';
import { lakeFolders } from '../core/lake-layout.ts';
import { readReceipt } from '../core/lake-records.ts';
import type { ColumnDataType } from '../core/model-definition.ts';
import { unknownNameText } from '../core/nearest-name.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Columns, Warehouse, WarehouseRow } from '../ports/warehouse.ts';

const factEnvelope: Columns = {
  fact_id: 'varchar',
  ingest_id: 'varchar',
  source: 'varchar',
  received_at: 'timestamp',
};

/** Columns of every relation that models read and no model makes. */
export function inputColumns(catalogue: Catalogue): Readonly<Record<string, Columns>> {
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
}

/** Attaches the lake, and makes the parameter and seed tables of a run. */
export async function prepareInputs(
  warehouse: Warehouse,
  store: ObjectStore,
  catalogue: Catalogue,
  configuration: Configuration,
  wantedAsOf: Date | undefined,
): Promise<PreparedInputs> {
  checkTargets(configuration, catalogue);
  checkCut(wantedAsOf);
  const columns = inputColumns(catalogue);
  await attachLake(warehouse, store, catalogue, columns);
  const span = await touchpointSpan(warehouse);
  const zone = configuration.reporting.time_zone;
  const asOf = wantedAsOf ?? (span ? lastMidnight(zone, span.last) : undefined);
  if (!asOf) {
    throw new LakeError(
      'the lake holds no touchpoints yet',
      'Import files first: dongu import PATH --source NAME.',
    );
  }
  await makeTables(warehouse, catalogue, columns, configuration, asOf, span ?? { first: asOf, last: asOf });
  const [counted] = await warehouse.rows('select count(*) as n from raw_touchpoints');
  return { asOf, rowsIn: Number(counted?.n ?? 0) };
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

function checkTargets(configuration: Configuration, catalogue: Catalogue): void {
  const known = catalogue.kpis.map(({ definition }) => definition.kpi);
  const unknown = Object.keys(configuration.targets).filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    const texts = unknown.map((id) => `the KPI ${unknownNameText(id, known)}`);
    throw new ConfigurationError(
      `dongu.yaml: targets: ${texts.join('; ')}`,
      'Correct the id: it is the name of a file in sql/kpis.',
    );
  }
}

async function attachLake(
  warehouse: Warehouse,
  store: ObjectStore,
  catalogue: Catalogue,
  columns: Readonly<Record<string, Columns>>,
): Promise<void> {
  const pathsOf = async (folder: string) => (await store.list(folder)).map((key) => store.localPath(key));
  const zones = [
    ['raw_touchpoints', lakeFolders.rows('touchpoints')],
    ['raw_items', lakeFolders.items],
    ['quarantined_items', lakeFolders.quarantine],
    ...Object.keys(catalogue.facts).map((fact) => [`raw_${fact}`, lakeFolders.rows(fact)] as const),
  ] as const;
  for (const [name, folder] of zones) {
    await warehouse.attachParquet(name, columns[name] ?? {}, await pathsOf(folder));
  }
  const receipts = await Promise.all(
    (await store.list(lakeFolders.receipts)).map(async (key) =>
      readReceipt((await store.getText(key)) ?? '', key),
    ),
  );
  await warehouse.createFromRows(
    'receipts',
    columns.receipts ?? {},
    receipts.map((receipt) => ({
      ...receipt,
      received_at: receipt.received_at.replace('T', ' ').replace('Z', ''),
    })),
  );
}

async function touchpointSpan(
  warehouse: Warehouse,
): Promise<{ readonly first: Date; readonly last: Date } | undefined> {
  const [row] = await warehouse.rows(`select
    cast(floor(to_unixtime(min(occurred_at))) as bigint) as first_second, cast(floor(to_unixtime(max(occurred_at))) as bigint) as last_second
    from raw_touchpoints where kind = 'touchpoint'`);
  if (row?.first_second === null || row?.first_second === undefined) {
    return undefined;
  }
  return { first: new Date(Number(row.first_second) * 1000), last: new Date(Number(row.last_second) * 1000) };
}

async function makeTables(
  warehouse: Warehouse,
  catalogue: Catalogue,
  columns: Readonly<Record<string, Columns>>,
  configuration: Configuration,
  asOf: Date,
  span: { readonly first: Date; readonly last: Date },
): Promise<void> {
  const { reporting } = configuration;
  const dayOf = localDayOf(reporting.time_zone);
  const make = (name: string, rows: readonly WarehouseRow[]) =>
    warehouse.createFromRows(name, columns[name] ?? {}, rows);
  await make('run_parameters', [
    {
      as_of_at: asOf,
      as_of_date: dayOf(new Date(asOf.getTime() - 1)),
      reporting_time_zone: reporting.time_zone,
      reporting_currency: reporting.currency,
      activity_event: configuration.activity_event,
    },
  ]);
  await make(
    'calendar_days',
    calendarOf(reporting.time_zone, asOf, span) as readonly object[] as readonly WarehouseRow[],
  );
  await make(
    'influencers',
    configuration.influencers.map((influencer) => ({ influencer: influencer.toLowerCase() })),
  );
  await make(
    'targets',
    Object.entries(configuration.targets).map(([kpi_id, target]) => ({ kpi_id, target })),
  );
  await make(
    'kpi_catalogue',
    catalogue.kpis.map(({ definition }) => ({
      kpi_id: definition.kpi,
      label_tr: definition.label.tr,
      label_en: definition.label.en,
      unit: definition.unit,
      better: definition.better,
      kpi_group: definition.group,
      position: definition.position,
      definition_version: definition.version,
    })),
  );
  await make('kpi_results', []);
  for (const [name, rows] of Object.entries(catalogue.seeds)) {
    await make(name, rows);
  }
}

/** From the January before the first touchpoint to a month after the cut and the last one. */
function calendarOf(timeZone: string, asOf: Date, span: { readonly first: Date; readonly last: Date }) {
  const first = new Date(Math.min(span.first.getTime(), asOf.getTime()));
  const last = new Date(Math.max(span.last.getTime(), asOf.getTime()) + 40 * 86_400_000);
  const firstDay = `${String(first.getUTCFullYear() - 1).padStart(4, '0')}-12-01`;
  return calendarDays(timeZone, firstDay, localDayOf(timeZone)(last));
}
