import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell, LifecycleSummary } from '../../../../functions/core/snapshot.ts';
import { lifecyclesSql, toLifecycles } from '../../../../functions/core/views/lifecycles.ts';
import { stageDropoff } from '../../../../functions/core/views/stage-dropoff.ts';
import { moveKindOf, stageFlow } from '../../../../functions/core/views/stage-flow.ts';
import { stageHistory } from '../../../../functions/core/views/stage-history.ts';
import { stageOccupancy } from '../../../../functions/core/views/stage-occupancy.ts';
import { stageProfiles } from '../../../../functions/core/views/stage-profiles.ts';
import type { SourceRow, ViewSource } from '../../../../functions/core/views/view-source.ts';
import type { Warehouse } from '../../../../functions/ports/warehouse.ts';
import { openCaseDuckdb } from '../../../support/case-engines.ts';
import { makeLifecycleTables, shopTables } from '../../../support/stage-tables.ts';

type Row = Readonly<Record<string, Cell | undefined>>;

const rules = { minimumGroup: 10, currency: 'TRY' };
let warehouse: Warehouse;
let shop: LifecycleSummary;

beforeAll(async () => {
  warehouse = await openCaseDuckdb();
  await makeLifecycleTables(warehouse, shopTables);
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

describe('stage_flow beside stage_history', () => {
  const move = (from: readonly [string, number | null], to: readonly [string, number], count: number) => ({
    period_start: '2024-03-01',
    from_stage_id: from[0],
    from_rank: from[1],
    to_stage_id: to[0],
    to_rank: to[1],
    count_customers: count,
  });
  const outside = ['outside', null] as const;
  const reach = ['reach', 1] as const;
  const buy = ['buy', 2] as const;
  const keep = ['keep', 4] as const;

  const tell = (moves: readonly SourceRow[]) => {
    const source = stageFlow(shop);
    const { rows } = source.shape(moves, rules);
    const names = ['count_customers', 'count_from', 'count_to'];
    const at = names.map((name) => source.columns.findIndex((column) => column.key === name));
    return rows.map((row) => at.map((index) => row[index]));
  };

  it('hides the customers of another stage too, where the sum of the day would give back a small one', () => {
    const moves = [
      move(outside, reach, 158),
      move(outside, buy, 23),
      move(reach, reach, 124),
      move(reach, buy, 54),
      move(reach, keep, 9),
    ];
    const told = tell(moves);

    // 368 − 282 − 77 would be the 9: the 77 are not told; the 54 of them are hidden for the row
    expect(told).toEqual([
      [158, 181, 282],
      [23, 181, null],
      [124, 187, 282],
      [null, 187, null],
      [null, 187, null],
    ]);
  });

  it('hides a cell of such a stage, lest its cells give the sum back', () => {
    const moves = [
      move(outside, reach, 20),
      move(outside, buy, 30),
      move(outside, keep, 9),
      move(reach, ['lapsed', 0], 50),
      move(reach, reach, 262),
    ];

    // by the sums alone the 20 would do beside the 9; but the 30 are all who buy, and those are not told
    expect(tell(moves)[1]).toEqual([null, 59, null]);
  });
});
