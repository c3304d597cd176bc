import { describe, expect, it } from 'vitest';
import { messages } from '../../../../dashboards/messages.ts';
import { loadKpis } from '../../../../functions/adapters/model-files.ts';
import { kpiTiles } from '../../../../functions/core/views/kpi-tiles.ts';
import { openCaseDuckdb } from '../../../support/case-engines.ts';
import { createRelations, loadColumnsOf } from '../../../support/model-cases.ts';

const row = {
  kpi_id: 'average_order_value',
  label_tr: 'a',
  label_en: 'b',
  unit: 'money',
  better: 'up',
  period_start: '2026-05-01',
  value: '1250',
  numerator: '1250',
  denominator: '1',
  n: '20',
  target: null,
  is_complete: true,
  null_reason: null,
};
const valueIn = kpiTiles.columns.findIndex(({ key }) => key === 'value');
const reasonIn = kpiTiles.columns.findIndex(({ key }) => key === 'null_reason');

describe('kpiTiles', () => {
  it.each([
    ['TRY', 125_000],
    ['JPY', 1250],
    ['KWD', 1_250_000],
  ])('stores money in the minor units of %s', (currency, minorUnits) => {
    const { rows } = kpiTiles.shape([row], { minimumGroup: 10, currency });

    expect(rows[0]?.[valueIn]).toBe(minorUnits);
  });

  it('hides a ratio of a small group, with a reason that the page has words for', () => {
    const { rows, suppressed } = kpiTiles.shape([{ ...row, unit: 'ratio', n: '9' }], {
      minimumGroup: 10,
      currency: 'TRY',
    });

    expect(rows[0]?.[valueIn]).toBeNull();
    expect(messages.tr.nullReasons).toHaveProperty(String(rows[0]?.[reasonIn]));
    expect(suppressed).toBe(1);
  });

  it('has words in both languages for every reason that a KPI gives', async () => {
    const reasons = (await loadKpis()).flatMap(({ sql }) =>
      [...sql.matchAll(/then '((?:no|not)_[a-z]+)'/g)].map(([, reason]) => reason ?? ''),
    );

    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) {
      expect(messages.tr.nullReasons).toHaveProperty(reason);
      expect(messages.en.nullReasons).toHaveProperty(reason);
    }
  });

  it('shows no KPI of a lifecycle, however early its position', async () => {
    const warehouse = await openCaseDuckdb();
    const value = {
      grain: 'month',
      period_start: '2024-05-01',
      segment_type: 'all',
      segment_value: 'all',
      value: 1,
    };
    const given = {
      int_periods: [{ grain: 'month', period_start: '2024-05-01' }],
      kpi_catalogue: [
        { kpi_id: 'orders', position: 20 },
        { kpi_id: 'stage_customers', position: 10 },
      ],
      kpi_values: [
        { ...value, kpi_id: 'orders' },
        { ...value, kpi_id: 'stage_customers', lifecycle_id: 'a' },
        { ...value, kpi_id: 'orders', lifecycle_id: 'a', value: 2 },
      ],
    };
    try {
      await createRelations(warehouse, kpiTiles.sql, given, await loadColumnsOf());

      expect(await warehouse.rows(kpiTiles.sql)).toMatchObject([{ kpi_id: 'orders', value: 1 }]);
    } finally {
      warehouse.close();
    }
  });
});
