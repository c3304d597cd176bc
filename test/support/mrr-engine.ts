import { tmpdir } from 'node:os';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { loadKpis, loadModels } from '../../functions/adapters/model-files.ts';
import { buildOrder, selectModels } from '../../functions/core/model-graph.ts';
import type { Columns, WarehouseRow } from '../../functions/ports/warehouse.ts';
import { addDays, daysBetween, localDay } from '../oracle/local-time.ts';
import type { Row } from '../oracle/types.ts';
import { calendarColumns, calendarRows, timestamp } from './calendar-rows.ts';
import type { RandomMrrWorld } from './random-mrr-world.ts';

const given: Readonly<Record<string, Columns>> = {
  touchpoints: {
    touchpoint_id: 'varchar',
    customer_id: 'varchar',
    event: 'varchar',
    currency_code: 'varchar',
    occurred_at: 'timestamp',
    properties: 'varchar',
  },
  customers: { customer_id: 'varchar', acquisition_channel: 'varchar', country: 'varchar' },
  raw_plans: {
    plan: 'varchar',
    price: 'decimal(18,2)',
    currency_code: 'varchar',
    billing_period: 'varchar',
    valid_from: 'date',
    ingest_id: 'varchar',
    received_at: 'timestamp',
  },
  stg_fx_rates: {
    rate_date: 'date',
    from_currency_code: 'varchar',
    to_currency_code: 'varchar',
    rate: 'decimal(18,8)',
  },
  run_parameters: {
    as_of_at: 'timestamp',
    as_of_date: 'date',
    reporting_time_zone: 'varchar',
    reporting_currency: 'varchar',
  },
  calendar_days: calendarColumns,
};

export const mrrRelations = ['mrr_movements', 'mrr_retention', 'subscription_periods'] as const;
export const mrrKpis = [
  'mrr',
  'new_mrr',
  'expansion_mrr',
  'contraction_mrr',
  'churned_mrr',
  'reactivation_mrr',
  'expansion_revenue',
  'upsell_revenue',
  'upsell_rate',
  'revenue_churn_gross',
  'revenue_churn_net',
  'quick_ratio',
  'arpu',
  'net_revenue_retention',
  'gross_revenue_retention',
  'renewal_rate',
  'save_rate',
] as const;

/** Models whose checks read nothing but what is built here. */
const ofSubscriptions = /subscription|mrr|renewals/;

type Check = { readonly name: string; readonly sql: string };
type Select = Check & { readonly isView: boolean };

/** The project's own models of subscriptions, over given touchpoints, plans, rates and customers. */
export class MrrEngine {
  readonly #warehouse: DuckdbWarehouse;
  readonly #selects: readonly Select[];
  readonly checks: readonly Check[];
  #zone = '';

  private constructor(
    warehouse: DuckdbWarehouse,
    plan: { readonly selects: readonly Select[]; readonly checks: readonly Check[] },
  ) {
    this.#warehouse = warehouse;
    this.#selects = plan.selects;
    this.checks = plan.checks;
  }

  static async open(): Promise<MrrEngine> {
    const settings = { memoryLimit: '512MB', threads: 1, temporaryDirectory: tmpdir() };
    const warehouse = await DuckdbWarehouse.open(settings, 'mrr-world');
    const kpis = (await loadKpis()).filter(({ definition }) => mrrKpis.some((kpi) => kpi === definition.kpi));
    const models = await loadModels();
    const all = [
      ...models.map(({ name, sql, file, definition }) => ({
        name,
        sql,
        file,
        isView: definition.materialise === 'view',
      })),
      ...kpis.map(({ definition, sql, file }) => ({
        name: `kpi_${definition.kpi}`,
        sql,
        file,
        isView: false,
      })),
    ].filter(({ name }) => !Object.hasOwn(given, name));
    const nodes = await Promise.all(
      all.map(async ({ name, sql, file }) => ({ name, file, dependsOn: await warehouse.dependencies(sql) })),
    );
    const wanted = [...mrrRelations, ...mrrKpis.map((kpi) => `kpi_${kpi}`)];
    const needed = new Set(wanted.flatMap((name) => [...selectModels(`+${name}`, nodes)]));
    const own = nodes.filter(({ name }) => needed.has(name));
    const order = buildOrder(own, Object.keys(given));
    const selects = order.flatMap((name) => all.filter((one) => one.name === name));
    const checks = models
      .filter(({ name }) => needed.has(name) && ofSubscriptions.test(name))
      .flatMap(({ name, definition }) =>
        definition.checks.map((check) => ({ name: `${name}: ${check.name}`, sql: check.sql })),
      );
    return new MrrEngine(warehouse, { selects, checks });
  }

  async build(world: RandomMrrWorld): Promise<void> {
    if (this.#zone !== world.timeZone) {
      await this.#load('calendar_days', calendarRows(world.firstDay, world.lastDay, world.midnightOf));
    }
    this.#zone = world.timeZone;
    for (const [name, rows] of Object.entries(givenRows(world))) await this.#load(name, rows);
    for (const { name, sql, isView } of this.#selects) {
      if (isView) await this.#warehouse.createView(name, sql);
      else await this.#warehouse.replaceTable(name, sql, false);
    }
  }

  rows(select: string): Promise<readonly Row[]> {
    return this.#warehouse.rows(select);
  }

  close(): void {
    this.#warehouse.close();
  }

  async #load(name: string, rows: readonly WarehouseRow[]): Promise<void> {
    await this.#warehouse.createFromRows(name, given[name] ?? {}, rows);
  }
}

function givenRows(world: RandomMrrWorld): Record<string, WarehouseRow[]> {
  const { received, plans, people, currencies, asOf, timeZone, currency } = world;
  const days = Array.from({ length: daysBetween(world.firstDay, world.lastDay) }, (_, index) =>
    addDays(world.firstDay, index),
  );
  return {
    touchpoints: received.map(({ properties, occurred_at, ...texts }) => ({
      ...texts,
      occurred_at: timestamp(occurred_at),
      properties: properties === null ? null : JSON.stringify(properties),
    })),
    customers: [...people].map(([customer_id, person]) => ({ customer_id, ...person })),
    raw_plans: plans.map(({ cents, ...plan }, index) => ({
      ...plan,
      price: (Number(cents) / 100).toFixed(2),
      ingest_id: String(index),
      received_at: '2023-01-01 00:00:00',
    })),
    stg_fx_rates: currencies.flatMap((from_currency_code) =>
      days
        .filter((day) => addDays(day, 1).endsWith('-01') || day === localDay(asOf - 1, timeZone))
        .map((rate_date) => ({
          rate_date,
          from_currency_code,
          to_currency_code: currency,
          rate: rateText(world.rateOn(from_currency_code, rate_date)),
        })),
    ),
    run_parameters: [
      {
        as_of_at: timestamp(asOf),
        as_of_date: localDay(asOf - 1, timeZone),
        reporting_time_zone: timeZone,
        reporting_currency: currency,
      },
    ],
  };
}

const rateText = (rate: bigint): string =>
  `${rate / 100_000_000n}.${(rate % 100_000_000n).toString().padStart(8, '0')}`;
