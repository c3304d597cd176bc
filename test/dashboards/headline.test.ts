import { describe, expect, it } from 'vitest';
import { headline } from '../../dashboards/headline.ts';
import { pageContext } from '../../dashboards/page-context.ts';
import type { Cell, Language, View } from '../../functions/core/snapshot.ts';
import { kpiView } from '../support/kpi-fixture.ts';
import { aManifest } from '../support/snapshot-fixture.ts';

type Point = readonly [
  month: string,
  value: number | null,
  target: number | null,
  isComplete: boolean,
  source?: 'default' | 'project',
];

function series(
  id: string,
  tr: string,
  en: string,
  unit: string,
  points: readonly Point[],
): readonly Cell[][] {
  return points.map(([month, value, target, isComplete, source]) => [
    id,
    tr,
    en,
    unit,
    'up',
    month,
    value,
    null,
    null,
    target,
    isComplete,
    null,
    source ?? null,
  ]);
}

const retention = series(
  'customer_retention_rate',
  'Müşteri elde tutma oranı (CRR)',
  'Customer retention rate (CRR)',
  'ratio',
  [
    ['2026-09-01', 0.776, 0.8, true],
    ['2026-10-01', 0.784, 0.8, true],
    ['2026-11-01', 0.5, 0.8, false],
  ],
);
const revenue = series('net_revenue', 'Net gelir', 'Net revenue', 'money', [
  ['2026-09-01', 1_000_000_000, null, true],
  ['2026-10-01', 1_046_000_000, null, true],
]);

function write(view: View | undefined, language: Language): string {
  return headline(view, pageContext(language, aManifest([]))).replaceAll(/[\u00a0\u202f]/g, ' ');
}

describe('headline', () => {
  it('tells the last complete period against target, or against the period before', () => {
    const view = kpiView({ rows: [...revenue, ...retention] });

    expect(write(view, 'tr')).toBe(
      'Ekim 2026: müşteri elde tutma oranı %78,4, hedefin 1,6 puan altında; net gelir ₺10,5 Mn, önceki aya göre %4,6 arttı.',
    );
    expect(write(view, 'en')).toBe(
      'October 2026: customer retention rate 78.4%, 1.6 pts below target; net revenue ₺10.5M, up 4.6% on the previous month.',
    );
  });

  it('says of a default target that it is one', () => {
    const of = (value: number) =>
      kpiView({
        rows: series('customer_retention_rate', 'Elde tutma', 'Retention', 'ratio', [
          ['2026-10-01', value, 0.8, true, 'default'],
        ]),
      });

    expect(write(of(0.784), 'tr')).toContain('%78,4, varsayılan hedefin 1,6 puan altında.');
    expect(write(of(0.784), 'en')).toContain('78.4%, 1.6 pts below the default target.');
    expect(write(of(0.8), 'tr')).toContain('%80,0, varsayılan hedefte.');
    expect(write(of(0.8), 'en')).toContain('80.0%, on the default target.');
  });

  it('says when the target is reached to the shown decimal, and when nothing moved', () => {
    const even = series('customer_retention_rate', 'Elde tutma', 'Retention', 'ratio', [
      ['2026-10-01', 0.8002, 0.8, true],
    ]);
    const flat = series('orders', 'NPS anketi', 'NPS survey', 'count', [
      ['2026-09-01', 40, null, true],
      ['2026-10-01', 40, null, true],
    ]);

    expect(write(kpiView({ rows: [...even, ...flat] }), 'tr')).toBe(
      'Ekim 2026: elde tutma %80,0, hedefte; NPS anketi 40, önceki aya göre değişmedi.',
    );
  });

  it('lowers a Turkish first letter the Turkish way', () => {
    const rows = series('orders', 'İade edilen', 'Irregular', 'count', [['2026-10-01', 3, null, true]]);

    expect(write(kpiView({ rows }), 'tr')).toBe('Ekim 2026: iade edilen 3.');
  });

  it('takes the first tiles when none of the wanted indicators is there', () => {
    const rows = series('refunds', 'İade', 'Refunds', 'count', [['2026-10-01', 7, null, true]]);

    expect(write(kpiView({ rows }), 'en')).toBe('October 2026: refunds 7.');
  });

  it('leaves out an indicator whose last value is older than the others', () => {
    const old = series('orders', 'Sipariş', 'Orders', 'count', [['2026-08-01', 9, null, true]]);

    expect(write(kpiView({ rows: [...retention, ...old] }), 'en')).not.toContain('orders');
  });

  it('waits for the first complete period', () => {
    const rows = series('orders', 'Sipariş', 'Orders', 'count', [['2026-10-01', 7, null, false]]);

    expect(write(kpiView({ rows }), 'tr')).toContain('Henüz tamamlanmış bir dönem yok');
    expect(write(undefined, 'en')).toContain('No period is complete yet');
  });
});
