import { describe, expect, it } from 'vitest';
import type { Language } from '../../../functions/core/snapshot.ts';
import { stageOccupancy } from '../../../functions/core/views/stage-occupancy.ts';
import { renderedPage, sectionOf, visibleText } from '../../support/page-text.ts';
import { aSnapshot } from '../../support/snapshot-fixture.ts';
import {
  type LifecycleRecipe,
  lifecycleOf,
  occupancyRows,
  occupancyView,
  publishedView,
  shopRecipe,
} from '../../support/stage-fixture.ts';

function section(recipe: LifecycleRecipe, language: Language = 'tr', hasBefore = true): string {
  const view = publishedView(stageOccupancy(lifecycleOf(recipe)), occupancyRows(recipe, hasBefore));
  return sectionOf(
    renderedPage(aSnapshot([view], { lifecycles: [lifecycleOf(recipe)] }), language),
    'occupancy',
  );
}

const withNow = (counts: readonly number[], lapsed: number): LifecycleRecipe => ({
  ...shopRecipe,
  lapsed,
  stages: shopRecipe.stages.map((stage, index) => ({ ...stage, now: counts[index] ?? 0 })),
});

describe('stage occupancy', () => {
  it('lists the stages in order with number, share and change, then lapsed and the total', () => {
    const text = visibleText(section(shopRecipe));

    expect(text).toContain('1 Erişim ve farkındalık 18.240 %30,4 ▲ arttı 326 · %1,8');
    expect(text).toContain('3 Geliştirme ve besleme 4.370 %7,3 ▼ azaldı 118 · %2,6');
    expect(text.indexOf('Savunuculuk')).toBeLessThan(text.indexOf('Pasif 21.480'));
    expect(text).toContain('Toplam 60.020');
    expect(visibleText(section(shopRecipe, 'en'))).toContain('Total 60,020 ▲ up 1,903 · 3.3%');
  });

  it('draws bars to one scale', () => {
    const widths = [...section(shopRecipe).matchAll(/<rect class="st[\w-]+" width="([\d.]+)%"/g)].map(
      ([, width]) => Number(width),
    );

    expect(widths).toEqual([84.9, 42.5, 20.3, 26.4, 5.3, 100]);
  });

  it('adds split stages up under their parent', () => {
    const parent = { id: 'acquisition', tr: 'Edinme', en: 'Acquisition' };
    const [reach, acquisition, ...others] = shopRecipe.stages;
    if (!reach || !acquisition) throw new Error('the shop has too few stages');
    const split = [
      { ...acquisition, id: 'online', tr: 'İnternetten', now: 100, parent },
      { ...acquisition, id: 'in_store', tr: 'Mağazada', now: 50, parent },
    ];
    const drawn = section({ ...shopRecipe, stages: [reach, ...split, ...others] });

    expect(visibleText(drawn)).toContain('Bölünen aşamalar, ana aşamasında toplanmış Edinme 2 + 3 150');
    expect(drawn).toContain('class="st2 extra"');
  });

  it('says hidden, and never a number, for few customers', () => {
    const text = visibleText(section(withNow([200, 4, 3, 30, 0], 50)));

    expect(text).toContain('2 Edinme ve dönüşüm gizli — gizli');
    // the third that is hidden keeps seven customers from being had back
    expect(text).toContain('4 Elde tutma gizli');
    expect(text).toContain('5 Savunuculuk 0');
  });

  it('says so where there is no month before', () => {
    expect(visibleText(section(shopRecipe, 'en', false))).toContain('18,240 30.4% no month before');
  });

  it.each([
    ['one customer', withNow([0, 1, 0, 0, 0], 0)],
    ['nobody but lapsed customers', withNow([0, 0, 0, 0, 0], 900)],
    ['a stage with 99 %', withNow([99_000, 200, 300, 250, 250], 100)],
  ])('survives %s', (_case, recipe) => {
    expect(section(recipe)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('takes its stages from its rows when it is carried over from another version of the lifecycle', () => {
    const view = occupancyView({ status: 'carried', asOf: '2026-09-30T21:00:00Z' });
    const lifecycle = lifecycleOf({ ...shopRecipe, stages: shopRecipe.stages.slice(0, 2) });
    const page = renderedPage(aSnapshot([view], { lifecycles: [lifecycle] }), 'tr');

    expect(visibleText(sectionOf(page, 'occupancy'))).toContain('5 Savunuculuk 1.140');
  });
});
