import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { loadInputs, loadModels } from '../../functions/adapters/model-files.ts';
import { calendarDays, localDayOf } from '../../functions/core/calendar.ts';
import type { ValueSettings } from '../../functions/core/configuration.ts';
import { buildOrder, selectModels } from '../../functions/core/model-graph.ts';
import type { WarehouseRow } from '../../functions/ports/warehouse.ts';
import { readGraph } from '../../functions/use-cases/build-relations.ts';
import { computedRelations } from '../../functions/use-cases/computed-relations.ts';
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

  /** Builds all anew. */
  async relations(input: ValueInput): Promise<Readonly<Record<string, readonly WarehouseRow[]>>> {
    const { models, order, columns, read } = this.#plan;
    const rows = rowsOf(input);
    for (const name of read) {
      await this.#warehouse.createFromRows(name, columns[name] ?? {}, rows[name] ?? []);
    }
    for (const name of order) {
      const step = computedRelations[name];
      const model = models.get(name);
      if (step) await this.#warehouse.createFromRows(name, columns[name] ?? {}, await step(this.#warehouse));
      else if (model) await this.#warehouse.replaceTable(name, model.sql, false);
    }
    const relations: Record<string, readonly WarehouseRow[]> = {};
    for (const name of valueRelations) relations[name] = await this.#warehouse.rows(`select * from ${name}`);
    return relations;
  }

  async close(): Promise<void> {
    this.#warehouse.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What the relations need, in order, and what that reads of what is given. */
async function planOf(warehouse: DuckdbWarehouse) {
  const [all, inputs, columns] = await Promise.all([loadModels(), loadInputs(), loadColumnsOf()]);
  const models = all.filter(({ name }) => !given.includes(name));
  const graph = await readGraph(warehouse, {
    models,
    kpis: [],
    inputs,
    facts: {},
    seeds: {},
    lifecycles: [],
  });
  const needed = new Set(valueRelations.flatMap((name) => [...selectModels(`+${name}`, graph)]));
  const own = graph.filter(({ name }) => needed.has(name));
  const read = [...new Set(own.flatMap(({ dependsOn }) => dependsOn))].filter((name) => !needed.has(name));
  return {
    models: new Map(models.map((model) => [model.name, model])),
    order: buildOrder(own, read),
    columns,
    read,
  };
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
