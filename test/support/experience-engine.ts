import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { loadModels } from '../../functions/adapters/model-files.ts';
import { readSeed } from '../../functions/adapters/project-files.ts';
import { businessDays, type HolidayRow } from '../../functions/core/business-hours.ts';
import { BusinessHours } from '../../functions/core/business-hours-setting.ts';
import { calendarDays } from '../../functions/core/calendar.ts';
import type { Model } from '../../functions/core/model-definition.ts';
import type { WarehouseRow } from '../../functions/ports/warehouse.ts';
import { calendarSpanOf } from '../oracle/experience.ts';
import { localDay } from '../oracle/local-time.ts';
import type { Row } from '../oracle/types.ts';
import { type ColumnsOf, loadColumnsOf } from './model-cases.ts';
import type { ExperienceScene } from './random-experience-world.ts';

/** In the order in which they read one another. */
const built = [
  'int_local_slots',
  'int_periods',
  'int_day_periods',
  'stg_ticket_updates',
  'int_ticket_events',
  'int_tickets_measured',
  'int_ticket_service_levels',
  'tickets',
  'int_issues',
  'int_survey_answers_scored',
  'survey_answers',
  'int_survey_outcomes',
  'int_service_outcomes',
  'int_experience_by_period',
  'int_ticket_times_by_period',
] as const;

export const publicHolidays: readonly HolidayRow[] = (await readSeed('public_holidays')).map((row) => ({
  holiday_date: row.holiday_date ?? '',
  is_half_day: row.is_half_day === 'true',
}));

const instant = (at: number | null) => (at === null ? null : new Date(at));

/** The models of tickets and surveys on one connection, built from rows of a random world. */
export class ExperienceEngine {
  readonly #warehouse: DuckdbWarehouse;
  readonly #folder: string;
  readonly #models: readonly Model[];
  readonly #columns: ColumnsOf;

  private constructor(
    warehouse: DuckdbWarehouse,
    folder: string,
    models: readonly Model[],
    columns: ColumnsOf,
  ) {
    this.#warehouse = warehouse;
    this.#folder = folder;
    this.#models = models;
    this.#columns = columns;
  }

  static async open(): Promise<ExperienceEngine> {
    const folder = await mkdtemp(join(tmpdir(), 'dongu-experience-'));
    const settings = { memoryLimit: '1GB', threads: 1, temporaryDirectory: folder };
    const [models, columns] = await Promise.all([loadModels(), loadColumnsOf()]);
    const own = built.flatMap((name) => models.filter((model) => model.name === name));
    return new ExperienceEngine(await DuckdbWarehouse.open(settings, 'world-run'), folder, own, columns);
  }

  async build(scene: ExperienceScene): Promise<void> {
    for (const [name, rows] of Object.entries(givenRows(scene))) {
      await this.#warehouse.createFromRows(name, this.#columns[name] ?? {}, rows);
    }
    for (const { name, sql, definition } of this.#models) {
      if (definition.materialise === 'view') await this.#warehouse.createView(name, sql);
      else await this.#warehouse.replaceTable(name, sql, false);
    }
  }

  rows(select: string): Promise<readonly Row[]> {
    return this.#warehouse.rows(select);
  }

  /** Rows that an audit of the models holds against them. */
  async offending(): Promise<readonly string[]> {
    const checks = this.#models
      .filter(({ name }) => name !== 'int_local_slots')
      .flatMap(({ name, definition }) => definition.checks.map((check) => ({ name, check })));
    const found = await Promise.all(
      checks.map(async ({ name, check }) =>
        (await this.#warehouse.rows(check.sql)).length > 0 ? [`${name}: ${check.name}`] : [],
      ),
    );
    return found.flat();
  }

  async close(): Promise<void> {
    this.#warehouse.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function givenRows({ world, schedule }: ExperienceScene): Readonly<Record<string, readonly WarehouseRow[]>> {
  const calendar = calendarDays(world.timeZone, ...calendarSpanOf(world));
  const [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = schedule;
  const hours = BusinessHours.parse({ monday, tuesday, wednesday, thursday, friday, saturday, sunday });
  return {
    calendar_days: calendar.map((row) => ({ ...row })),
    business_days: businessDays(world.timeZone, calendar, hours, publicHolidays).map((row) => ({ ...row })),
    run_parameters: [
      {
        as_of_at: new Date(world.asOf),
        as_of_date: localDay(world.asOf - 1, world.timeZone),
        reporting_time_zone: world.timeZone,
        reporting_currency: 'TRY',
        activity_event: 'order_completed',
      },
    ],
    touchpoints: world.touchpoints.map((row) => ({
      ...row,
      properties: JSON.stringify(row.properties),
      occurred_at: new Date(row.occurred_at),
    })),
    lifecycles: [{ lifecycle_id: 'main', position: 1 }],
    stage_memberships: world.memberships.map((row) => ({
      ...row,
      lifecycle_id: 'main',
      entered_at: instant(row.entered_at),
      left_at: instant(row.left_at),
    })),
    sla_settings: world.settings.map((row, index) => ({ ...row, position: index + 1 })),
    raw_help_desk_users: [],
    raw_ticket_updates: [],
    raw_sla_targets: world.policies.map((row, index) => ({
      ...row,
      valid_from: instant(row.valid_from),
      received_at: instant(row.valid_from),
      ingest_id: `i${index}`,
    })),
    int_customer_first_orders: world.firstOrders.map(({ customer_id, first_ordered_at }) => ({
      customer_id,
      first_order_date: localDay(first_ordered_at, world.timeZone),
      first_ordered_at: instant(first_ordered_at),
    })),
  };
}
