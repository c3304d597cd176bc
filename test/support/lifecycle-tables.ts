// The tables that the views of stages select from, small enough to be counted by hand.
import type { Columns, Warehouse, WarehouseRow } from '../../functions/ports/warehouse.ts';

const stageColumns: Columns = {
  lifecycle_id: 'varchar',
  stage_id: 'varchar',
  stage_rank: 'integer',
  label_tr: 'varchar',
  label_en: 'varchar',
  parent_stage_id: 'varchar',
  parent_label_tr: 'varchar',
  parent_label_en: 'varchar',
  target_rate: 'double',
  target_source: 'varchar',
  within_days: 'integer',
  benchmark_rate: 'double',
  benchmark_source: 'varchar',
  responsible_role: 'varchar',
  supporting_roles: 'varchar',
  question_tr: 'varchar',
  question_en: 'varchar',
  customer_goal_tr: 'varchar',
  customer_goal_en: 'varchar',
  channels: 'varchar',
  marketing_channels: 'varchar',
  strategies_tr: 'varchar',
  strategies_en: 'varchar',
  kpis: 'varchar',
};

const labelled: Columns = { label_tr: 'varchar', label_en: 'varchar' };

/** Every column that the views read, by table. */
export const lifecycleTables: Readonly<Record<string, Columns>> = {
  lifecycles: {
    lifecycle_id: 'varchar',
    lifecycle_version: 'integer',
    policy: 'varchar',
    ...labelled,
    position: 'integer',
  },
  lifecycle_stages: stageColumns,
  run_parameters: { as_of_date: 'date' },
  stage_occupancy: {
    lifecycle_id: 'varchar',
    stage_id: 'varchar',
    occupancy_date: 'date',
    count_customers: 'bigint',
  },
  stage_flows: {
    lifecycle_id: 'varchar',
    grain: 'varchar',
    period_start: 'date',
    from_stage_id: 'varchar',
    to_stage_id: 'varchar',
    count_customers: 'bigint',
    is_complete: 'boolean',
  },
  stage_dropoffs: {
    lifecycle_id: 'varchar',
    stage_id: 'varchar',
    entry_month: 'date',
    count_entered: 'bigint',
    count_advanced: 'bigint',
    count_immature: 'bigint',
    count_shortfall: 'double',
  },
  roles: { role: 'varchar', ...labelled },
  channels: { channel: 'varchar', ...labelled },
  marketing_channels: { marketing_channel: 'varchar', ...labelled },
  known_kpis: { kpi_id: 'varchar', ...labelled, unit: 'varchar' },
  kpi_catalogue: { kpi_id: 'varchar' },
  kpi_values: {
    kpi_id: 'varchar',
    lifecycle_id: 'varchar',
    grain: 'varchar',
    period_start: 'date',
    segment_type: 'varchar',
    value: 'double',
    n: 'bigint',
    is_complete: 'boolean',
    null_reason: 'varchar',
  },
};

/** Makes every table, with the rows that are given and empty without. */
export async function makeLifecycleTables(
  warehouse: Warehouse,
  rows: Readonly<Record<string, readonly WarehouseRow[]>>,
): Promise<void> {
  for (const [name, columns] of Object.entries(lifecycleTables)) {
    await warehouse.createFromRows(name, columns, rows[name] ?? []);
  }
}
