import { describe, expect, it } from 'vitest';
import { type Language, languages, type View, type ViewStatus } from '../../../functions/core/snapshot.ts';
import { kpiView } from '../../support/kpi-fixture.ts';
import { renderedPage, sectionOf, visibleText } from '../../support/page-text.ts';
import {
  aSnapshot,
  cohortView,
  lifecycleView,
  rfmGridView,
  rfmView,
} from '../../support/snapshot-fixture.ts';
import {
  dropoffView,
  flowView,
  historyView,
  occupancyView,
  profilesView,
  shopRecipe,
} from '../../support/stage-fixture.ts';

const places: readonly (readonly [string, (overrides: Partial<View>) => View])[] = [
  ['kpis', kpiView],
  ['lifecycle', (overrides) => lifecycleView(overrides, 13)],
  ['cohorts', (overrides) => cohortView(overrides, 13)],
  ['rfm', rfmView],
  ['rfm-grid', rfmGridView],
  ['occupancy', occupancyView],
  ['history', historyView],
  ['flow', largeFlowView],
  ['dropoff', dropoffView],
  ['profiles', profilesView],
];

/** Without a small group, so that all is well. */
function largeFlowView(overrides: Partial<View>): View {
  const stages = shopRecipe.stages.map((stage) => ({ ...stage, now: stage.now * 100 }));
  return flowView(overrides, { ...shopRecipe, lapsed: shopRecipe.lapsed * 100, stages });
}

const reason = { tr: 'Kaynak gelmedi.', en: 'The source did not arrive.' };

/** What a state must say, beside the numbers. */
const expected: Readonly<Record<Exclude<ViewStatus, 'ok'>, Readonly<Record<Language, string>>>> = {
  empty: { tr: 'Bu görünüm için henüz veri yok.', en: 'There are no data for this view yet.' },
  partial: { tr: 'Son dönem bitmedi', en: 'The last period has not ended' },
  suppressed: {
    tr: '10 müşteriden küçük gruplar gizlendi (3 satır)',
    en: 'Groups of fewer than 10 customers',
  },
  carried: {
    tr: '30 Eylül 2026 tarihli son değerler gösteriliyor. Kaynak gelmedi.',
    en: 'the last values, of 30 September 2026, are shown. The source did not arrive.',
  },
  error: {
    tr: 'Bu görünüm yenilenemedi. Kaynak gelmedi.',
    en: 'This view could not be refreshed. The source did not arrive.',
  },
};

const overrides: Readonly<Record<Exclude<ViewStatus, 'ok'>, Partial<View>>> = {
  empty: { status: 'empty', rows: [] },
  partial: { status: 'partial' },
  suppressed: { status: 'suppressed', suppressed: { k: 10, rows: 3 } },
  carried: { status: 'carried', asOf: '2026-09-30T21:00:00Z', reason },
  error: { status: 'error', reason },
};

const states = ['empty', 'partial', 'suppressed', 'carried', 'error'] as const;

describe.each(languages)('in %s', (language) => {
  describe.each(places)('%s', (id, build) => {
    it('has no note when all is well', () => {
      const section = sectionOf(renderedPage(aSnapshot([build({})]), language), id);

      expect(section).not.toContain('class="note');
      expect(visibleText(section).length).toBeGreaterThan(100);
    });

    it.each(states)('says that it is %s', (state) => {
      const section = sectionOf(renderedPage(aSnapshot([build(overrides[state])]), language), id);

      expect(visibleText(section)).toContain(expected[state][language]);
    });

    it('keeps its frame and its definition when there is nothing to show', () => {
      const section = sectionOf(renderedPage(aSnapshot([build(overrides.empty)]), language), id);

      expect(section).toContain('<h2');
      expect(section).toContain('<code>');
      expect(section).not.toMatch(/NaN|Infinity|undefined/);
    });
  });
});
