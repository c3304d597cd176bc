import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { loadModels } from '../../functions/adapters/model-files.ts';
import type { Model } from '../../functions/core/model-definition.ts';
import { buildOrder, type GraphNode, selectModels } from '../../functions/core/model-graph.ts';
import { readGraph } from '../../functions/use-cases/build-relations.ts';
import { lifecycleRelations } from '../oracle/lifecycle/compare.ts';
import type { Lifecycle, Run, Touchpoint } from '../oracle/lifecycle/types.ts';
import { addDays, localDay, periodStart } from '../oracle/local-time.ts';
import type { Relations, Row } from '../oracle/types.ts';
import { formatMinor } from '../oracle/values.ts';
import { calendarColumns, calendarRows, timestamp } from './calendar-rows.ts';
import { lifecycleColumns, lifecycleTables, type TableColumns, type TableRow } from './lifecycle-tables.ts';
import { localMidnight } from './world-times.ts';

export type LifecycleInput = {
  readonly run: Run;
  readonly touchpoints: readonly Touchpoint[];
  readonly lifecycles: readonly Lifecycle[];
  /** Months that subscriptions are paid for, which rules see beside the touchpoints. */
  readonly periods?: readonly Touchpoint[];
};

type Table = { readonly columns: TableColumns; readonly rows: readonly TableRow[] };
type Tables = Readonly<Record<string, Table>>;

/**
 * The project's own models of the lifecycle marts, with everything between them and the touchpoints, on one connection.
 * What they are built from is given as rows: the models before it have tests of their own.
 */
export class LifecycleEngine {
  readonly #warehouse: DuckdbWarehouse;
  readonly #folder: string;
  readonly #models: readonly Model[];
  readonly #given: ReadonlySet<string>;
  readonly #wanted: readonly string[];

  private constructor(
    warehouse: DuckdbWarehouse,
    folder: string,
    plan: {
      readonly models: readonly Model[];
      readonly given: ReadonlySet<string>;
      readonly wanted: readonly string[];
    },
  ) {
    this.#warehouse = warehouse;
    this.#folder = folder;
    this.#models = plan.models;
    this.#given = plan.given;
    this.#wanted = plan.wanted;
  }

  static async open(
    all?: readonly Model[],
    wanted: readonly string[] = lifecycleRelations,
    threads = 1,
  ): Promise<LifecycleEngine> {
    const folder = await mkdtemp(join(tmpdir(), 'dongu-lifecycle-'));
    const settings = { memoryLimit: '1GB', threads, temporaryDirectory: folder };
    const warehouse = await DuckdbWarehouse.open(settings, 'world-run');
    try {
      const models = all ?? (await loadModels());
      const catalogue = { models, kpis: [], inputs: [], facts: {}, seeds: {}, lifecycles: [] };
      const plan = planOf(await readGraph(warehouse, catalogue), wanted);
      const built = plan.order.flatMap((name) => models.filter((model) => model.name === name));
      return new LifecycleEngine(warehouse, folder, { models: built, given: plan.given, wanted });
    } catch (error) {
      warehouse.close();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Names of the models that are built, in order. */
  get order(): readonly string[] {
    return this.#models.map(({ name }) => name);
  }

  /** Builds every model anew from these rows and answers the lifecycle marts. */
  async relations(input: LifecycleInput): Promise<Relations> {
    for (const [name, table] of Object.entries(givenTables(input))) {
      if (this.#given.has(name)) await this.#load(name, table);
    }
    for (const { name, sql, definition } of this.#models) {
      if (definition.materialise === 'view') await this.#warehouse.createView(name, sql);
      else await this.#warehouse.replaceTable(name, sql, false);
    }
    const relations: Record<string, readonly Row[]> = {};
    for (const name of this.#wanted) relations[name] = await this.#warehouse.rows(`select * from ${name}`);
    return relations;
  }

  /** What a select finds in the relations that were built last. */
  rows(select: string): Promise<readonly Row[]> {
    return this.#warehouse.rows(select);
  }

  /** Puts other rows in the place of a relation that was built, to see who notices. */
  async replace(name: string, select: string): Promise<void> {
    await this.#warehouse.replaceTable(name, select, false);
  }

  /** Writes relations of the last build to a file, as a run that has this id publishes them. */
  async publish(path: string, names: readonly string[], runId: string): Promise<void> {
    await this.#warehouse.rows(`attach '${path}' as stored`);
    for (const name of names) {
      await this.#warehouse.rows(
        `create or replace table stored.${name} as select *, '${runId}' as run_id from ${name}`,
      );
    }
    await this.#warehouse.rows('detach stored');
  }

  async close(): Promise<void> {
    this.#warehouse.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Through a file of JSON lines: thousands of rows at once, and an empty text stays one. */
  async #load(name: string, { columns, rows }: Table): Promise<void> {
    const path = join(this.#folder, `${name}.ndjson`);
    const line = (row: TableRow) => JSON.stringify({ ...row, row_is_here: true });
    await writeFile(path, `${[...rows.map(line), '{}'].join('\n')}\n`);
    const names = Object.keys(columns);
    const read = [...names, 'row_is_here'].map((column) => `"${column}": 'varchar'`).join(', ');
    const cast = names.map((column) => `cast("${column}" as ${columns[column]}) as "${column}"`).join(', ');
    await this.#warehouse.replaceTable(
      name,
      `select ${cast} from read_json('${path}', format = 'newline_delimited', columns = {${read}})
      where row_is_here is not null`,
      false,
    );
  }
}

/** What has to be built for the lifecycle marts, and which of the given relations that reads. */
function planOf(graph: readonly GraphNode[], wanted: readonly string[]) {
  const givable = new Set(Object.keys(givenColumns));
  const nodes = graph.filter(({ name }) => !givable.has(name));
  const needed = new Set(wanted.flatMap((name) => [...selectModels(`+${name}`, nodes)]));
  const own = nodes.filter(({ name }) => needed.has(name));
  const order = buildOrder(own, [...givable]);
  return {
    order,
    given: new Set(own.flatMap(({ dependsOn }) => dependsOn).filter((name) => givable.has(name))),
  };
}

const touchpointColumns: TableColumns = {
  touchpoint_id: 'varchar',
  source: 'varchar',
  customer_id: 'varchar',
  session_id: 'varchar',
  occurred_at: 'timestamp',
  received_at: 'timestamp',
  event: 'varchar',
  channel: 'varchar',
  marketing_channel: 'varchar',
  campaign_source: 'varchar',
  campaign_medium: 'varchar',
  campaign_name: 'varchar',
  order_id: 'varchar',
  product_id: 'varchar',
  category: 'varchar',
  quantity: 'decimal(18,4)',
  amount: 'decimal(18,2)',
  currency_code: 'varchar',
  reporting_amount: 'decimal(18,2)',
  device_type: 'varchar',
  country: 'varchar',
  city: 'varchar',
  group_id: 'varchar',
  properties: 'varchar',
};

/** Empty, since these touchpoints are of no session: what comes before the orders is not built. */
const sessionColumns: TableColumns = {
  customer_id: 'varchar',
  session_id: 'varchar',
  marketing_channel: 'varchar',
  started_at: 'timestamp',
  touchpoint_id: 'varchar',
};

const periodColumns: TableColumns = {
  touchpoint_id: 'varchar',
  customer_id: 'varchar',
  starts_at: 'timestamp',
  properties: 'varchar',
};

const runColumns = {
  run_parameters: {
    as_of_at: 'timestamp',
    as_of_date: 'date',
    reporting_time_zone: 'varchar',
    reporting_currency: 'varchar',
    activity_event: 'varchar',
  },
  calendar_days: calendarColumns,
} as const satisfies Readonly<Record<string, TableColumns>>;

const givenColumns: Readonly<Record<string, TableColumns>> = {
  touchpoints: touchpointColumns,
  int_session_marketing_channels: sessionColumns,
  subscription_periods: periodColumns,
  ...runColumns,
  ...lifecycleColumns,
};

function givenTables({ run, touchpoints, lifecycles, periods = [] }: LifecycleInput): Tables {
  const rows: Readonly<Record<string, readonly TableRow[]>> = {
    touchpoints: touchpoints.map(touchpointRow),
    subscription_periods: periods.map(({ occurred_at, ...period }) => ({
      touchpoint_id: period.touchpoint_id,
      customer_id: period.customer_id,
      properties: period.properties,
      starts_at: timestamp(occurred_at),
    })),
    run_parameters: [
      {
        as_of_at: timestamp(run.asOf),
        as_of_date: localDay(run.asOf - 1, run.timeZone),
        reporting_time_zone: run.timeZone,
        reporting_currency: 'TRY',
        activity_event: 'order_completed',
      },
    ],
    calendar_days: calendarOf(touchpoints, run),
    ...lifecycleTables(lifecycles),
  };
  return Object.fromEntries(
    Object.entries(givenColumns).map(([name, columns]) => [name, { columns, rows: rows[name] ?? [] }]),
  );
}

function money(amount: bigint | null): string | null {
  return amount === null ? null : formatMinor(amount);
}

function touchpointRow({ occurred_at, reporting_amount, ...touchpoint }: Touchpoint): TableRow {
  return {
    ...touchpoint,
    source: 'worlds',
    occurred_at: timestamp(occurred_at),
    received_at: timestamp(occurred_at),
    amount: money(reporting_amount),
    currency_code: reporting_amount === null ? null : 'TRY',
    reporting_amount: money(reporting_amount),
  };
}

/** "The calendar begins no later than the first touchpoint's local day", and ends after the cut and the last one. */
function calendarOf(touchpoints: readonly Touchpoint[], { asOf, timeZone }: Run): TableRow[] {
  const instants = [asOf, ...touchpoints.map(({ occurred_at }) => occurred_at)];
  const first = periodStart(addDays(localDay(Math.min(...instants), timeZone), -32), 'month');
  const last = addDays(localDay(Math.max(...instants), timeZone), 40);
  return calendarRows(first, last, (day) => midnightOf(day, timeZone));
}

const midnights = new Map<string, number>();

function midnightOf(day: string, timeZone: string): number {
  const key = `${timeZone} ${day}`;
  const midnight = midnights.get(key) ?? localMidnight(day, timeZone);
  midnights.set(key, midnight);
  return midnight;
}
