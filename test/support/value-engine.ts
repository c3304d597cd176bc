import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentTelemetry } from '../../functions/adapters/console-telemetry.ts';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { loadInputs, loadModels } from '../../functions/adapters/model-files.ts';
import { loadFacts } from '../../functions/adapters/project-files.ts';
import { calendarDays, localDayOf } from '../../functions/core/calendar.ts';
import type { ValueSettings } from '../../functions/core/configuration.ts';
import { buildOrder, selectModels } from '../../functions/core/model-graph.ts';
import type { Columns, WarehouseRow } from '../../functions/ports/warehouse.ts';
import { buildRelations, readGraph } from '../../functions/use-cases/build-relations.ts';
import { loadColumnsOf } from './model-cases.ts';

/** What stands in place of the models before the orders. */
const given = ['touchpoints', 'int_session_marketing_channels'];
export const valueRelations = ['value_models', 'customer_values', 'int_values_by_cohort'] as const;

export interface ValueInput {
  readonly asOf: Date;
  readonly timeZone: string;
  readonly settings: ValueSettings;
  readonly touchpoints: readonly WarehouseRow[];
}

/** The project's own models of customers' values and what they read, steps of the program included, from touchpoints on. */
export class ValueEngine {
  readonly #warehouse: DuckdbWarehouse;
  readonly #folder: string;
  readonly #plan: Awaited<ReturnType<typeof planOf>>;

  private constructor(warehouse: DuckdbWarehouse, folder: string, plan: Awaited<ReturnType<typeof planOf>>) {
    this.#warehouse = warehouse;
    this.#folder = folder;
    this.#plan = plan;
  }

  static async open(): Promise<ValueEngine> {
    const folder = await mkdtemp(join(tmpdir(), 'dongu-values-'));
    const settings = { memoryLimit: '1GB', threads: 2, temporaryDirectory: folder };
    const warehouse = await DuckdbWarehouse.open(settings, 'world-run');
    return new ValueEngine(warehouse, folder, await planOf(warehouse));
  }

  /** Builds all anew, with the audits, whose failures are thrown. */
  async relations(input: ValueInput): Promise<Readonly<Record<string, readonly WarehouseRow[]>>> {
    const { catalogue, columns, read } = this.#plan;
    const rows = rowsOf(input);
    for (const name of read) {
      await this.#warehouse.createFromRows(name, columns[name] ?? {}, rows[name] ?? []);
    }
    const { checks } = await buildRelations(this.#warehouse, catalogue, undefined, silentTelemetry);
    const failed = checks.filter(({ status }) => status === 'fail');
    if (failed.length > 0) throw new Error(JSON.stringify(failed));
    const relations: Record<string, readonly WarehouseRow[]> = {};
    for (const name of valueRelations) relations[name] = await this.#warehouse.rows(`select * from ${name}`);
    return relations;
  }

  async close(): Promise<void> {
    this.#warehouse.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The catalogue of what the relations need; what was built before is one of its inputs. */
async function planOf(warehouse: DuckdbWarehouse) {
  const [models, inputs, facts, columns] = await Promise.all([
    loadModels(),
    loadInputs(),
    loadFacts(),
    loadColumnsOf(),
  ]);
  const all = {
    models: models.filter(({ name }) => !given.includes(name)),
    kpis: [],
    inputs,
    facts,
    seeds: {},
    lifecycles: [],
  };
  const graph = await readGraph(warehouse, all);
  const needed = new Set(valueRelations.flatMap((name) => [...selectModels(`+${name}`, graph)]));
  const own = graph.filter(({ name }) => needed.has(name));
  const read = [...new Set(own.flatMap(({ dependsOn }) => dependsOn))].filter((name) => !needed.has(name));
  buildOrder(own, read);
  const givenInputs = given.map((input) => ({
    input,
    description: input,
    computed_from: [],
    columns: Object.fromEntries(
      Object.entries(columns[input] ?? {}).map(([name, type]) => [name, { type, description: '' }]),
    ),
  }));
  const catalogue = {
    ...all,
    models: all.models.filter(({ name }) => needed.has(name)),
    inputs: [
      ...inputs.filter(({ input, computed_from }) => computed_from.length === 0 || needed.has(input)),
      ...givenInputs,
    ],
  };
  return { catalogue, columns: columns as Readonly<Record<string, Columns>>, read };
}

function rowsOf({ asOf, timeZone, settings, touchpoints }: ValueInput) {
  const days = calendarDays(timeZone, '2021-12-01', '2024-08-31');
  const rows: Readonly<Record<string, readonly object[]>> = {
    touchpoints,
    value_settings: [settings],
    calendar_days: days,
    run_parameters: [
      {
        as_of_at: asOf,
        as_of_date: localDayOf(timeZone)(new Date(asOf.getTime() - 1)),
        reporting_time_zone: timeZone,
        reporting_currency: 'TRY',
        activity_event: 'order_completed',
      },
    ],
  };
  return rows as Readonly<Record<string, readonly WarehouseRow[]>>;
}
