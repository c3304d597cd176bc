// A snapshot of an invented store, for the pages: every figure comes from a formula, so it is the same each time.
import type {
  Cell,
  LocalisedText,
  Manifest,
  PublishedView,
  Snapshot,
  View,
  ViewColumn,
} from '../../functions/core/snapshot.ts';
import { kpiView } from './kpi-fixture.ts';
import { lifecycleOf, shopRecipe, stageViews } from './stage-fixture.ts';
import { aView, column, fixtureAsOf, fixtureSnapshotId, monthsUntil, wobble } from './view-builder.ts';

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
  const shown = views ?? [
    kpiView(),
    lifecycleView(),
    cohortView(),
    rfmView(),
    rfmGridView(),
    ...stageViews(),
  ];
  const lifecycles = shown.some(({ lifecycle }) => lifecycle !== undefined) ? [lifecycleOf(shopRecipe)] : [];
  return { manifest: aManifest(shown, { lifecycles, ...manifest }), views: shown };
}

export const bothLanguages = (text: string): LocalisedText => ({ tr: text, en: text });
