// A snapshot of an invented store, for the pages: every figure comes from a formula, so it is the same each time.
import type {
  Cell,
  ColumnType,
  LocalisedText,
  Manifest,
  PublishedView,
  Snapshot,
  View,
  ViewColumn,
  ViewKind,
} from '../../functions/core/snapshot.ts';

/** The as-of instant of the fixture: 18 October 2026 begins in Istanbul, so October is the unfinished month. */
export const fixtureAsOf = '2026-10-17T21:00:00.000Z';
export const fixtureSnapshotId = '01K7VXQ2M8ZD4R9T6B3N5C1F0H';

export function column(key: string, type: ColumnType, format = '0', label = key): ViewColumn {
  return {
    key,
    type,
    format,
    label: { tr: label, en: label },
    additive: type === 'int' || type === 'money',
  };
}

/** First days of the `count` months that end with `last` (YYYY-MM). */
export function monthsUntil(last: string, count: number): readonly string[] {
  const [year = 0, month = 1] = last.split('-').map(Number);
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(year, month - count + index, 1)).toISOString().slice(0, 10),
  );
}

/** Between -1 and 1, irregular, the same on every machine. */
function wobble(seed: number): number {
  return Math.sin(seed * 12.9898) * Math.cos(seed * 4.1414);
}

export function aView(kind: ViewKind, overrides: Partial<View> = {}): View {
  return {
    schema: `dongu.view.${kind}/1`,
    id: kind,
    kind,
    snapshotId: fixtureSnapshotId,
    asOf: fixtureAsOf,
    grain: 'month',
    status: 'ok',
    title: { tr: `${kind} görünümü`, en: `${kind} view` },
    columns: [],
    rows: [],
    definition: {
      text: { tr: `${kind} tanımı.`, en: `Definition of ${kind}.` },
      sqlModel: kind,
      version: '1',
    },
    ...overrides,
  };
}

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
      isImmature ? 'immature' : isGap ? 'no_data' : null,
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

export const cohortColumns: readonly ViewColumn[] = [
  column('cohort_start', 'date'),
  column('period_number', 'int'),
  column('count_cohort', 'int'),
  column('count_active', 'int'),
  column('net_amount', 'money', 'currency'),
  column('is_complete', 'boolean'),
];

export function cohortRows(count: number, last = '2026-10'): readonly Cell[][] {
  const months = monthsUntil(last, count);
  return months.flatMap((month, index) => {
    const size = Math.max(1, Math.round(1_150 + 260 * wobble(index + 3) + 18 * index));
    return Array.from({ length: count - index }, (_, period): Cell[] => {
      const isComplete = index + period < count - 1;
      const share =
        period === 0 ? 1 : 0.235 * period ** -0.42 * (1 + 0.09 * wobble(index * 7 + period)) + 0.0018 * index;
      const active = Math.round(size * share * (isComplete || period === 0 ? 1 : 0.5));
      return [month, period, size, active, active * 131_250, isComplete];
    });
  });
}

export function cohortView(overrides: Partial<View> = {}, count = 24): View {
  return aView('cohort_retention', {
    title: { tr: 'Kohort elde tutma', en: 'Cohort retention' },
    columns: cohortColumns,
    rows: cohortRows(count),
    definition: {
      text: {
        tr: 'Kohort, ilk siparişin verildiği aydır. Bir dönemde aktif olan, o ay sipariş verendir; ilk dönemin numarası 0’dır.',
        en: 'A cohort is the month of the first order. Active in a period means an order in that month; the first period is number 0.',
      },
      sqlModel: 'cohort_retention',
      version: '1',
    },
    ...overrides,
  });
}

export const lifecycleColumns: readonly ViewColumn[] = [
  column('period_start', 'date'),
  column('count_new', 'int'),
  column('count_returning', 'int'),
  column('count_resurrected', 'int'),
  column('count_dormant', 'int'),
  column('is_complete', 'boolean'),
];

export function lifecycleRows(count: number): readonly Cell[][] {
  return monthsUntil('2026-10', count).map((month, index): Cell[] => {
    const isComplete = index < count - 1;
    const season = 1 + 0.16 * wobble(index * 3) + index * 0.02;
    const part = (level: number): number => Math.round(level * season * (isComplete ? 1 : 0.55));
    return [month, part(1_240), part(880), part(640), part(1_720 - index * 6), isComplete];
  });
}

export function lifecycleView(overrides: Partial<View> = {}, count = 24): View {
  return aView('activity_lifecycle', {
    title: { tr: 'Etkinlik döngüsü', en: 'Activity lifecycle' },
    columns: lifecycleColumns,
    rows: lifecycleRows(count),
    definition: {
      text: {
        tr: 'Yeni: ilk siparişi bu ay. Devam eden: geçen ay da bu ay da sipariş veren. Geri kazanılan: daha önce almış, geçen ay almamış, bu ay almış. Uyuyan: geçen ay alıp bu ay almayan.',
        en: 'New: first order this month. Returning: ordered last month and this month. Resurrected: ordered before, not last month, but this month. Dormant: ordered last month, not this month.',
      },
      sqlModel: 'activity_lifecycle',
      version: '1',
    },
    ...overrides,
  });
}

export const rfmColumns: readonly ViewColumn[] = [
  column('segment', 'enum'),
  column('label_tr', 'text'),
  column('label_en', 'text'),
  column('count_customers', 'int'),
  column('net_amount', 'money', 'currency'),
  column('mean_days_since_last_purchase', 'number', '0'),
];

const rfmDefinition = {
  text: {
    tr: 'Beş sınıf, 5 en iyi; son alışverişten beri geçen gün, sipariş sayısı ve tutar sıralamasına göre. Segmentler bir eşleme tablosundan okunur.',
    en: 'Five classes, 5 is best, by rank of days since the last purchase, count of orders and amount. Segments are read from a map.',
  },
  sqlModel: 'rfm_segments',
  version: '1',
};

const segments: readonly (readonly [string, string, string, number, number, number])[] = [
  ['champions', 'Şampiyonlar', 'Champions', 2_310, 1_482_000, 12],
  ['loyal', 'Sadık müşteriler', 'Loyal customers', 3_920, 842_300, 28],
  ['potential_loyalists', 'Sadık olabilecekler', 'Potential loyalists', 4_480, 391_200, 24],
  ['new_customers', 'Yeni müşteriler', 'New customers', 2_240, 124_900, 9],
  ['promising', 'Umut verenler', 'Promising', 1_610, 131_400, 46],
  ['needs_attention', 'İlgi bekleyenler', 'Need attention', 1_980, 402_500, 74],
  ['about_to_sleep', 'Uykuya dalmak üzere', 'About to sleep', 2_870, 148_000, 112],
  ['at_risk', 'Riskte', 'At risk', 3_350, 512_700, 190],
  ['cannot_lose', 'Kaybedilmemesi gerekenler', 'Cannot lose them', 420, 1_213_000, 221],
  ['hibernating', 'Kış uykusunda', 'Hibernating', 5_140, 171_300, 301],
  ['lost', 'Kaybedilenler', 'Lost', 190, 98_400, 522],
];

export function rfmView(overrides: Partial<View> = {}): View {
  return aView('rfm', {
    title: { tr: 'RFM segmentleri', en: 'RFM segments' },
    columns: rfmColumns,
    rows: segments.map(([id, tr, en, customers, each, days]): Cell[] => [
      id,
      tr,
      en,
      customers,
      customers * each,
      days,
    ]),
    definition: rfmDefinition,
    ...overrides,
  });
}

export const rfmGridColumns: readonly ViewColumn[] = [
  column('recency_score', 'int'),
  column('frequency_score', 'int'),
  column('count_customers', 'int'),
];

export function rfmGridView(overrides: Partial<View> = {}): View {
  const scores = [1, 2, 3, 4, 5];
  return aView('rfm', {
    id: 'rfm_grid',
    title: { tr: 'Yenilik × sıklık', en: 'Recency × frequency' },
    columns: rfmGridColumns,
    rows: scores.flatMap((recency) =>
      scores.map((frequency): Cell[] => [
        recency,
        frequency,
        Math.round(
          1_140 * (1 + 0.3 * wobble(recency * 5 + frequency)) * (1 - 0.19 * Math.abs(recency - frequency)),
        ),
      ]),
    ),
    definition: rfmDefinition,
    ...overrides,
  });
}

function publishedView(view: View): PublishedView {
  const file = (extension: string) => ({
    path: `d/${view.id}.0123456789abcdef.${extension}`,
    sha256: '0123456789abcdef'.repeat(4),
    bytes: 1_000,
    rows: view.rows.length,
  });
  return {
    kind: view.kind,
    schema: view.schema,
    status: view.status,
    files: { json: file('json'), csv: file('csv'), csvTr: file('tr.csv') },
  };
}

export function aManifest(views: readonly View[], overrides: Partial<Manifest> = {}): Manifest {
  return {
    schema: 'dongu.snapshot/1',
    snapshotId: fixtureSnapshotId,
    generatedAt: '2026-10-18T03:00:12.000Z',
    asOf: fixtureAsOf,
    timezone: 'Europe/Istanbul',
    currency: 'TRY',
    sector: 'ecommerce',
    lifecycles: [],
    nextExpectedAt: '2026-10-19T03:00:00.000Z',
    staleAfter: '2026-10-19T09:00:00.000Z',
    run: {
      status: 'ok',
      failedViews: [],
      runId: '01K7VXPZ0A6Y2W8H4J5M9Q3E7D',
      modelVersion: '0.1.0',
      gitSha: 'eb1c031',
      rowsIn: 2_481_905,
    },
    previous: null,
    views: Object.fromEntries(views.map((view) => [view.id, publishedView(view)])),
    ...overrides,
  };
}

export function aSnapshot(views?: readonly View[], manifest: Partial<Manifest> = {}): Snapshot {
  const shown = views ?? [kpiView(), lifecycleView(), cohortView(), rfmView(), rfmGridView()];
  return { manifest: aManifest(shown, manifest), views: shown };
}

export const bothLanguages = (text: string): LocalisedText => ({ tr: text, en: text });
