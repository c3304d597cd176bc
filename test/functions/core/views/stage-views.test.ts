import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell, LifecycleSummary } from '../../../../functions/core/snapshot.ts';
import { lifecyclesSql, toLifecycles } from '../../../../functions/core/views/lifecycles.ts';
import { stageDropoff } from '../../../../functions/core/views/stage-dropoff.ts';
import { moveKindOf, stageFlow } from '../../../../functions/core/views/stage-flow.ts';
import { stageHistory } from '../../../../functions/core/views/stage-history.ts';
import { stageOccupancy } from '../../../../functions/core/views/stage-occupancy.ts';
import { stageProfiles } from '../../../../functions/core/views/stage-profiles.ts';
import type { ViewSource } from '../../../../functions/core/views/view-source.ts';
import type { Warehouse } from '../../../../functions/ports/warehouse.ts';
import { caseEngines } from '../../../support/case-engines.ts';
import { makeLifecycleTables } from '../../../support/lifecycle-tables.ts';

type Row = Readonly<Record<string, Cell | undefined>>;

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

const tables = {
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

const rules = { minimumGroup: 10, currency: 'TRY' };
const [engine] = caseEngines;
let warehouse: Warehouse;
let shop: LifecycleSummary;

beforeAll(async () => {
  if (!engine) throw new Error('there is no engine');
  warehouse = await engine.open();
  await makeLifecycleTables(warehouse, tables);
  const [first] = toLifecycles(await warehouse.rows(lifecyclesSql));
  if (!first) throw new Error('there is no lifecycle');
  shop = first;
});

afterAll(() => warehouse.close());

/** The published rows by column, and how many were hidden. */
async function publish(source: ViewSource, minimumGroup = 10) {
  const { rows, suppressed } = source.shape(await warehouse.rows(source.sql), { ...rules, minimumGroup });
  for (const row of rows) expect(row).toHaveLength(source.columns.length);
  const named = rows.map(
    (row): Row => Object.fromEntries(source.columns.map(({ key }, index) => [key, row[index]])),
  );
  return { rows: named, suppressed };
}

describe('toLifecycles', () => {
  it('reads the lifecycles in configured order, without lapsed, with parents', async () => {
    expect(toLifecycles(await warehouse.rows(lifecyclesSql))).toEqual([
      {
        id: 'shop',
        version: 3,
        label: { tr: 'Mağaza', en: 'Shop' },
        stages: [
          { id: 'reach', label: { tr: 'reach (tr)', en: 'reach' }, order: 1 },
          {
            id: 'first_order',
            label: { tr: 'first_order (tr)', en: 'first_order' },
            order: 2,
            parent: 'purchase',
          },
          { id: 'advocacy', label: { tr: 'advocacy (tr)', en: 'advocacy' }, order: 3 },
        ],
      },
      expect.objectContaining({ id: 'value', version: 1 }),
    ]);
  });
});

describe('stage_occupancy', () => {
  it('counts the as-of day against the day a month before, with a total, hiding the next smallest too', async () => {
    const { rows, suppressed } = await publish(stageOccupancy(shop));

    expect(rows.map((row) => [row.stage_id, row.count_customers, row.count_customers_before])).toEqual([
      ['lapsed', 30, 24],
      ['reach', 100, 80],
      ['first_order', null, 0],
      ['advocacy', null, 0],
      [null, 153, 104],
    ]);
    expect(rows[2]).toMatchObject({
      occupancy_date: '2026-10-17',
      date_before: '2026-09-17',
      parent_label_tr: 'Satın alma',
    });
    expect(suppressed).toBe(2);
  });

  it('is empty for a lifecycle that nobody entered', async () => {
    expect((await publish(stageOccupancy({ ...shop, id: "no'one" }))).rows).toEqual([]);
  });
});

describe('stage_history', () => {
  it('has the ends of the last 18 months and the as-of day, each with its total', async () => {
    const { rows } = await publish(stageHistory(shop));
    const totals = rows.filter(({ stage_id }) => stage_id === null);

    expect(totals.map((row) => [row.occupancy_date, row.count_customers, row.is_month_end])).toEqual([
      ['2025-04-30', null, true],
      ['2026-09-30', 115, true],
      ['2026-10-17', 153, false],
    ]);
    expect(rows).toHaveLength(3 * 5);
  });
});

describe('stage_flow', () => {
  it('tells the moves of the last complete month, and hides what rows and columns would give back', async () => {
    const { rows, suppressed } = await publish(stageFlow(shop));

    expect(rows.map((row) => [row.from_stage_id, row.to_stage_id, row.move, row.count_customers])).toEqual([
      ['outside', 'reach', 'enter', 40],
      ['lapsed', 'lapsed', 'stay', 20],
      ['reach', 'lapsed', 'lapse', null],
      ['reach', 'reach', 'stay', 50],
      // hidden with the four that lapsed: the row's total would give them back; and 11 for the column's
      ['reach', 'first_order', 'advance', null],
      ['first_order', 'lapsed', 'lapse', null],
    ]);
    expect(rows[2]).toMatchObject({ period_start: '2026-09-01', count_from: 66, count_to: 35 });
    expect(rows[0]).toMatchObject({ from_rank: null, from_label_tr: 'Henüz girmedi', count_from: 40 });
    expect(suppressed).toBe(3);
  });

  it.each([
    [null, 3, 'enter'],
    [2, 2, 'stay'],
    [0, 0, 'stay'],
    [3, 0, 'lapse'],
    [0, 1, 'reactivate'],
    [3, 1, 'return'],
    [1, 2, 'advance'],
    [1, 3, 'skip'],
  ] as const)('calls a move from rank %s to %s %s', (from, to, kind) => {
    expect(moveKindOf(from, to)).toBe(kind);
  });
});

describe('stage_dropoff', () => {
  it('takes the last 12 complete months with mature entries, and their sum; the last stage has none', async () => {
    const { rows } = await publish(stageDropoff(shop), 5);
    const reach = rows.filter(({ stage_id }) => stage_id === 'reach');

    expect(rows.some(({ stage_id }) => stage_id === 'advocacy' || stage_id === 'lapsed')).toBe(false);
    expect([reach[0]?.entry_month, reach[11]?.entry_month]).toEqual(['2025-10-01', '2026-09-01']);
    expect(reach).toHaveLength(13);
    expect(reach[12]).toMatchObject({
      entry_month: null,
      count_entered: 1200,
      count_mature: 1160,
      count_advanced: 446,
      advance_rate: 446 / 1160,
      target_rate: 0.5,
      target_source: 'default',
      within_days: 30,
      count_shortfall: 134,
    });
  });

  it('keeps a stage without mature entries, with its frame only', async () => {
    const { rows } = await publish(stageDropoff(shop));

    expect(rows.filter(({ stage_id }) => stage_id === 'first_order')).toEqual([
      expect.objectContaining({
        entry_month: null,
        count_entered: null,
        advance_rate: null,
        count_shortfall: null,
      }),
    ]);
  });

  it('hides a rate of few, another month with it, and keeps the sum', async () => {
    const { rows, suppressed } = await publish(stageDropoff(shop));
    const reach = rows.filter(({ stage_id }) => stage_id === 'reach');
    const hidden = reach.filter(({ advance_rate }) => advance_rate === null);

    expect(hidden).toHaveLength(2);
    expect(hidden.map(({ count_advanced, count_shortfall }) => [count_advanced, count_shortfall])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(hidden.at(-1)).toMatchObject({ entry_month: '2026-09-01', count_mature: 60 });
    expect(reach.at(-1)).toMatchObject({ count_advanced: 446 });
    expect(suppressed).toBe(2);
  });
});

describe('stage_profiles', () => {
  it("lists a stage's texts, roles, channels and strategies in their order", async () => {
    const { rows } = await publish(stageProfiles(shop));
    const of = (kind: string) =>
      rows.filter((row) => row.stage_id === 'reach' && row.item_kind === kind).map((row) => row.text_tr);

    expect(of('question')).toEqual(['Kaç kişi?']);
    expect(of('customer_goal')).toEqual(['Tanımak']);
    expect(of('responsible_role')).toEqual(['marketing (tr)']);
    expect(of('supporting_role')).toEqual(['content (tr)', 'brand (tr)']);
    expect(of('channel')).toEqual(['web (tr)', 'store (tr)']);
    expect(of('marketing_channel')).toEqual(['E-posta']);
    expect(of('strategy')).toEqual(['Önce', 'Sonra']);
  });

  it('gives the indicators their last complete value, marks planned ones, and hides few', async () => {
    const { rows, suppressed } = await publish(stageProfiles(shop));
    const kpis = rows.filter(({ item_kind }) => item_kind === 'kpi');

    expect(kpis.map((row) => [row.item_id, row.value, row.unit, row.period_start, row.state])).toEqual([
      ['visits', 9, 'count', '2026-09-01', 'built'],
      ['conversion_rate_visit', null, 'ratio', '2026-09-01', 'suppressed'],
      ['net_revenue', 1250, 'money', '2026-09-01', 'built'],
      ['nps', null, 'score', null, 'planned'],
    ]);
    expect(suppressed).toBe(1);
  });

  it('tells the target with its window and its source', async () => {
    const { rows } = await publish(stageProfiles(shop));

    expect(rows.find(({ item_kind }) => item_kind === 'target')).toMatchObject({
      stage_id: 'reach',
      value: 0.5,
      within_days: 30,
      state: 'default',
    });
  });
});
