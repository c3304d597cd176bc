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

const stage = (id: string, rank: number, more: object = {}) => ({
  lifecycle_id: 'shop',
  stage_id: id,
  stage_rank: rank,
  label_tr: `${id} (tr)`,
  label_en: id,
  supporting_roles: '[]',
  channels: '[]',
  marketing_channels: '[]',
  strategies_tr: '[]',
  strategies_en: '[]',
  kpis: '[]',
  within_days: 30,
  ...more,
});

const occupancy = (day: string, counts: Readonly<Record<string, number>>, lifecycle = 'shop') =>
  Object.entries(counts).map(([stage_id, count_customers]) => ({
    lifecycle_id: lifecycle,
    stage_id,
    occupancy_date: day,
    count_customers,
  }));

const flow = (
  month: string,
  from: string,
  to: string,
  count: number,
  isComplete = true,
  grain = 'month',
) => ({
  lifecycle_id: 'shop',
  grain,
  period_start: month,
  from_stage_id: from,
  to_stage_id: to,
  count_customers: count,
  is_complete: isComplete,
});

const dropoff = (
  id: string,
  month: string,
  entered: number,
  immature: number,
  advanced: number,
  lost: number,
) => ({
  lifecycle_id: 'shop',
  stage_id: id,
  entry_month: month,
  count_entered: entered,
  count_immature: immature,
  count_advanced: advanced,
  count_shortfall: lost,
});

const kpiValue = (kpi: string, month: string, value: number | null, more: object = {}) => ({
  kpi_id: kpi,
  grain: 'month',
  period_start: month,
  segment_type: 'all',
  value,
  n: 100,
  is_complete: true,
  ...more,
});

/** A shop of three stages, and a second lifecycle beside it. */
export const shopTables: Readonly<Record<string, readonly WarehouseRow[]>> = {
  lifecycles: [
    {
      lifecycle_id: 'value',
      lifecycle_version: 1,
      policy: 'latest',
      label_tr: 'Değer',
      label_en: 'Value',
      position: 2,
    },
    {
      lifecycle_id: 'shop',
      lifecycle_version: 3,
      policy: 'furthest',
      label_tr: 'Mağaza',
      label_en: 'Shop',
      position: 1,
    },
  ],
  lifecycle_stages: [
    stage('lapsed', 0, { lifecycle_id: 'value' }),
    stage('creation', 1, { lifecycle_id: 'value' }),
    stage('lapsed', 0),
    stage('reach', 1, {
      target_rate: 0.5,
      target_source: 'default',
      responsible_role: 'marketing',
      supporting_roles: '["content","brand"]',
      question_tr: 'Kaç kişi?',
      question_en: 'How many?',
      customer_goal_tr: 'Tanımak',
      customer_goal_en: 'To know',
      channels: '["web","store"]',
      marketing_channels: '["email"]',
      strategies_tr: '["Önce","Sonra"]',
      strategies_en: '["First","Then"]',
      kpis: '["visits","conversion_rate_visit","net_revenue","nps"]',
    }),
    stage('first_order', 2, {
      parent_stage_id: 'purchase',
      parent_label_tr: 'Satın alma',
      parent_label_en: 'Purchase',
    }),
    stage('advocacy', 3),
  ],
  run_parameters: [{ as_of_date: '2026-10-17' }],
  stage_occupancy: [
    ...occupancy('2026-10-17', { lapsed: 30, reach: 100, first_order: 20, advocacy: 3 }),
    ...occupancy('2026-10-16', { lapsed: 1, reach: 1, first_order: 1, advocacy: 1 }),
    ...occupancy('2026-09-30', { lapsed: 25, reach: 90, first_order: 0, advocacy: 0 }),
    ...occupancy('2026-09-17', { lapsed: 24, reach: 80, first_order: 0, advocacy: 0 }),
    ...occupancy('2025-04-30', { lapsed: 0, reach: 3, first_order: 0, advocacy: 0 }),
    ...occupancy('2025-03-31', { lapsed: 0, reach: 2, first_order: 0, advocacy: 0 }),
    ...occupancy('2026-10-17', { lapsed: 500, creation: 500 }, 'value'),
  ],
  stage_flows: [
    flow('2026-10-01', 'reach', 'reach', 999, false),
    flow('2026-08-01', 'reach', 'reach', 999),
    flow('2026-09-14', 'reach', 'reach', 999, true, 'week'),
    flow('2026-09-01', 'outside', 'reach', 40),
    flow('2026-09-01', 'reach', 'reach', 50),
    flow('2026-09-01', 'reach', 'first_order', 12),
    flow('2026-09-01', 'reach', 'lapsed', 4),
    flow('2026-09-01', 'lapsed', 'lapsed', 20),
    flow('2026-09-01', 'first_order', 'lapsed', 11),
  ],
  stage_dropoffs: [
    ...Array.from({ length: 14 }, (_, index) =>
      dropoff('reach', new Date(Date.UTC(2025, 6 + index, 1)).toISOString().slice(0, 10), 100, 0, 40, 10),
    ),
    dropoff('reach', '2026-09-01', 100, 40, 6, 24),
    dropoff('reach', '2026-10-01', 100, 90, 0, 5),
    dropoff('first_order', '2026-09-01', 9, 9, 0, 0),
    dropoff('advocacy', '2026-08-01', 50, 0, 0, 0),
  ],
  roles: ['marketing', 'content', 'brand', 'brandish'].map((role) => ({
    role,
    label_tr: `${role} (tr)`,
    label_en: role,
  })),
  channels: ['store', 'web', 'sms'].map((channel) => ({
    channel,
    label_tr: `${channel} (tr)`,
    label_en: channel,
  })),
  marketing_channels: [{ marketing_channel: 'email', label_tr: 'E-posta', label_en: 'E-mail' }],
  known_kpis: [
    { kpi_id: 'visits', label_tr: 'Ziyaret', label_en: 'Visits', unit: 'count' },
    { kpi_id: 'conversion_rate_visit', label_tr: 'Dönüşüm', label_en: 'Conversion', unit: 'ratio' },
    { kpi_id: 'net_revenue', label_tr: 'Ciro', label_en: 'Revenue', unit: 'money' },
    { kpi_id: 'nps', label_tr: 'NPS', label_en: 'NPS', unit: 'score' },
    { kpi_id: 'orders', label_tr: 'Sipariş', label_en: 'Orders', unit: 'count' },
  ],
  kpi_catalogue: [{ kpi_id: 'visits' }, { kpi_id: 'conversion_rate_visit' }, { kpi_id: 'net_revenue' }],
  kpi_values: [
    kpiValue('visits', '2026-08-01', 7),
    kpiValue('visits', '2026-09-01', 9, { n: 9 }),
    kpiValue('visits', '2026-10-01', 1, { is_complete: false }),
    kpiValue('conversion_rate_visit', '2026-09-01', 0.25, { n: 8 }),
    kpiValue('net_revenue', '2026-09-01', 12.5),
  ],
};
