// Twelve indicators over thirteen months: two with gaps, the last month unfinished.
import type { Cell, View, ViewColumn } from '../../functions/core/snapshot.ts';
import { aView, column, monthsUntil, wobble } from './view-builder.ts';

interface KpiRecipe {
  readonly id: string;
  readonly tr: string;
  readonly en: string;
  readonly unit: string;
  readonly better: string;
  readonly level: number;
  readonly swing: number;
  readonly target?: number;
}

const kpiRecipes: readonly KpiRecipe[] = [
  {
    id: 'customer_retention_rate',
    tr: 'Müşteri elde tutma oranı (CRR)',
    en: 'Customer retention rate (CRR)',
    unit: 'ratio',
    better: 'up',
    level: 0.312,
    swing: 0.03,
    target: 0.34,
  },
  {
    id: 'net_revenue',
    tr: 'Net gelir',
    en: 'Net revenue',
    unit: 'money',
    better: 'up',
    level: 1_241_890_000,
    swing: 260_000_000,
    target: 1_200_000_000,
  },
  {
    id: 'orders',
    tr: 'Sipariş sayısı',
    en: 'Orders',
    unit: 'count',
    better: 'up',
    level: 9_934,
    swing: 1_800,
  },
  {
    id: 'average_order_value',
    tr: 'Ortalama sipariş tutarı (AOV)',
    en: 'Average order value (AOV)',
    unit: 'money',
    better: 'up',
    level: 124_990,
    swing: 9_000,
  },
  {
    id: 'repeat_purchase_rate',
    tr: 'Tekrar satın alma oranı',
    en: 'Repeat purchase rate',
    unit: 'ratio',
    better: 'up',
    level: 0.447,
    swing: 0.04,
    target: 0.42,
  },
  {
    id: 'customer_churn_rate',
    tr: 'Müşteri kayıp oranı',
    en: 'Customer churn rate',
    unit: 'ratio',
    better: 'down',
    level: 0.062,
    swing: 0.012,
    target: 0.05,
  },
  {
    id: 'active_customers',
    tr: 'Aktif müşteri sayısı',
    en: 'Active customers',
    unit: 'count',
    better: 'up',
    level: 7_120,
    swing: 900,
  },
  {
    id: 'new_customers',
    tr: 'Yeni müşteri sayısı',
    en: 'New customers',
    unit: 'count',
    better: 'up',
    level: 1_310,
    swing: 300,
  },
  {
    id: 'purchase_frequency',
    tr: 'Satın alma sıklığı',
    en: 'Purchase frequency',
    unit: 'times',
    better: 'up',
    level: 1.39,
    swing: 0.1,
  },
  {
    id: 'days_to_second_purchase',
    tr: 'İkinci satın almaya kadar geçen gün',
    en: 'Days to second purchase',
    unit: 'days',
    better: 'down',
    level: 41.3,
    swing: 6,
  },
  {
    id: 'refund_rate',
    tr: 'İade oranı',
    en: 'Refund rate',
    unit: 'ratio',
    better: 'down',
    level: 0.081,
    swing: 0.01,
  },
  {
    id: 'sessions',
    tr: 'Oturum sayısı',
    en: 'Sessions',
    unit: 'count',
    better: '-',
    level: 1_214_000,
    swing: 140_000,
  },
];

export const kpiColumns: readonly ViewColumn[] = [
  column('kpi_id', 'text'),
  column('label_tr', 'text'),
  column('label_en', 'text'),
  column('unit', 'enum'),
  column('better', 'enum'),
  column('period_start', 'date'),
  column('value', 'number', 'by_unit'),
  column('numerator', 'number', '0'),
  column('denominator', 'number', '0'),
  column('target', 'number', 'by_unit'),
  column('is_complete', 'boolean'),
  column('null_reason', 'text'),
  column('target_source', 'enum'),
  column('benchmark', 'number', 'by_unit'),
  column('benchmark_source', 'text'),
];

function roundFor(unit: string, value: number): number {
  return unit === 'money' || unit === 'count' ? Math.round(value) : Math.round(value * 1e6) / 1e6;
}

function kpiRows(recipe: KpiRecipe, position: number): readonly Cell[][] {
  return monthsUntil('2026-10', 13).map((month, index) => {
    const isComplete = index < 12;
    const partial = !isComplete && recipe.unit !== 'ratio' ? 0.55 : 1;
    const level = recipe.level * (0.88 + 0.012 * index) + recipe.swing * wobble(position * 17 + index);
    // the days to a second purchase of the newest months cannot be known yet, and one month has no data
    const isImmature = recipe.id === 'days_to_second_purchase' && index >= 11;
    const isGap = recipe.id === 'refund_rate' && index === 4;
    const value = isImmature || isGap ? null : roundFor(recipe.unit, level * partial);
    return [
      recipe.id,
      recipe.tr,
      recipe.en,
      recipe.unit,
      recipe.better,
      month,
      value,
      null,
      null,
      recipe.target ?? null,
      isComplete,
      isImmature ? 'not_mature' : isGap ? 'no_data' : null,
      'project',
      null,
      null,
    ];
  });
}

export function kpiView(overrides: Partial<View> = {}): View {
  return aView('kpi_tiles', {
    title: { tr: 'Göstergeler', en: 'Indicators' },
    columns: kpiColumns,
    rows: kpiRecipes.flatMap(kpiRows),
    definition: {
      text: {
        tr: 'Her göstergenin formülü KPI kataloğundadır; değer, adı yazılı tamamlanmış aya aittir.',
        en: 'The formula of each indicator is in the KPI catalogue; a value belongs to the complete month that is named.',
      },
      sqlModel: 'kpi_values',
      version: '1',
    },
    ...overrides,
  });
}
