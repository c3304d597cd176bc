import { describe, expect, it } from 'vitest';
import type { Language, View } from '../../../functions/core/snapshot.ts';
import { stageHistory } from '../../../functions/core/views/stage-history.ts';
import { renderedPage, sectionOf, visibleText } from '../../support/page-text.ts';
import { aSnapshot } from '../../support/snapshot-fixture.ts';
import {
  historyRows,
  historyView,
  type LifecycleRecipe,
  lifecycleOf,
  publishedView,
  shopRecipe,
  twelveStages,
} from '../../support/stage-fixture.ts';

function section(view: View, recipe: LifecycleRecipe = shopRecipe, language: Language = 'tr'): string {
  return sectionOf(
    renderedPage(aSnapshot([view], { lifecycles: [lifecycleOf(recipe)] }), language),
    'history',
  );
}

function wide(drawn: string): string {
  return drawn.slice(drawn.indexOf('<svg class="chart'), drawn.indexOf('</svg>'));
}

/** The upper edge of an area at its last point. */
function lastTop(path: string): number {
  const upper = path.slice(1).split('L').slice(0, 19);
  return Number(upper.at(-1)?.split(',')[1]);
}

describe('stage history', () => {
  it('stacks the stages in their order, the first on top', () => {
    const paths = [...wide(section(historyView())).matchAll(/<path class="area (st\d)" d="([^"]+)"/g)];
    const tops = paths.map(([, , path = '']) => lastTop(path));

    expect(paths.map(([, name]) => name)).toEqual(['st5', 'st4', 'st3', 'st2', 'st1']);
    expect(tops.every(Number.isFinite)).toBe(true);
    expect(new Set(tops).size).toBe(5);
    expect(tops).toEqual(tops.toSorted((a, b) => b - a));
  });

  it('writes every stage beside its end, and lapsed on its own scale', () => {
    const text = visibleText(wide(section(historyView())));

    for (const part of ['farkındalık 18.240', 'Elde tutma 5.660', 'Savunuculuk 1.140', 'Pasif 21.480']) {
      expect(text.replaceAll(/\s+/g, ' ')).toContain(part);
    }
    expect(text).toContain('Pasif (kendi ölçeğiyle)');
  });

  it('marks the part after the last month end, with a word', () => {
    const drawn = wide(section(historyView()));

    expect(drawn).toContain('class="partial-edge"');
    expect(drawn).toMatch(/partial-label"[^>]*>kısmi</);
    const rows = historyRows(shopRecipe).filter(({ is_month_end }) => is_month_end === true);
    expect(section(publishedView(stageHistory(lifecycleOf(shopRecipe)), rows))).not.toContain('partial-edge');
  });

  it('says in one sentence what the picture shows', () => {
    expect(section(historyView(), shopRecipe, 'en')).toContain(
      'Which stages grow? · E-commerce lifecycle. 30 April 2025 – 17 October 2026. Last day: Reach and awareness 18,240,',
    );
  });

  it('marks annotations on the axis and lists them, if they are in its time', () => {
    const annotations = [
      { date: '2026-03-20', kind: 'holiday', label: { tr: 'Ramazan Bayramı', en: 'Ramazan feast' } },
      { date: '2019-06-04', kind: 'holiday', label: { tr: 'Eski bayram', en: 'Old feast' } },
    ] as const;
    const drawn = section(historyView({ annotations }));

    expect(visibleText(drawn)).toContain('1 20 Mart 2026 · Ramazan Bayramı');
    expect(drawn).not.toContain('Eski bayram');
  });

  it('keeps the height of the stack where small groups are hidden, and says what they are together', () => {
    const stages = shopRecipe.stages.map((stage, index) => ({
      ...stage,
      now: [120, 33, 7, 14, 2][index] ?? 0,
    }));
    const drawn = section(historyView({}, { ...shopRecipe, lapsed: 40, stages }));

    expect(visibleText(drawn)).toContain('Gizli küçük gruplar 23');
    expect(visibleText(drawn)).toContain('Elde tutma gizli');
  });

  it('gives numbers and a key to names that are too long', () => {
    const recipe = twelveStages('öngörülebilirlik ve sürdürülebilirlik programlarının bütünü');
    const drawn = section(historyView({}, recipe), recipe);

    expect(drawn).toContain('class="numbers not-narrow"');
    expect(visibleText(drawn)).toContain('12 Aşama 12 öngörülebilirlik');
  });

  it('has a table of every day and stage', () => {
    const drawn = section(historyView());

    expect(drawn.match(/<tr>/g)).toHaveLength(1 + 19);
    expect(visibleText(drawn)).toContain('17 Ekim 2026 kısmi 18.240');
  });

  it.each([
    ['one day', 0],
    ['two days', 1],
  ])('survives a history of %s', (_case, months) => {
    const view = publishedView(stageHistory(lifecycleOf(shopRecipe)), historyRows(shopRecipe, months));

    expect(section(view)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('survives a lifecycle of lapsed customers only', () => {
    const stages = shopRecipe.stages.map((stage) => ({ ...stage, now: 0 }));

    expect(section(historyView({}, { ...shopRecipe, stages }))).not.toMatch(/NaN|Infinity|undefined/);
  });
});
