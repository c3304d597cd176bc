import { describe, expect, it } from 'vitest';
import { languages, type View } from '../../functions/core/snapshot.ts';
import { firstUnbalancedTag, renderedPage, sectionOf, visibleText } from '../support/page-text.ts';
import { aSnapshot } from '../support/snapshot-fixture.ts';
import { lifecycleOf, shopRecipe, stageViews, twelveStages } from '../support/stage-fixture.ts';

const recipes = [shopRecipe, twelveStages('')];
const lifecycles = recipes.map(lifecycleOf);
const both = (change: (view: View) => View | null = (view) => view) =>
  aSnapshot(
    recipes.flatMap(stageViews).flatMap((view) => change(view) ?? []),
    { lifecycles },
  );

describe.each(languages)('a page of two lifecycles in %s', (language) => {
  const page = renderedPage(both(), language);

  it('has the cards of both, with ids and names of their own', () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    const titles = [...page.matchAll(/<h2[^>]*>([^<]+)</g)].map(([, title]) => title);
    const references = [...page.matchAll(/(?:aria-labelledby="|url\(#|href="#)([^")]+)/g)].map(
      ([, id]) => id,
    );

    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(titles).size).toBe(titles.length);
    expect(references.filter((id) => !ids.includes(id))).toEqual([]);
    expect(firstUnbalancedTag(page)).toBeNull();
  });

  it('leads to each of them', () => {
    expect(page).toContain('<a href="#occupancy">');
    expect(page).toContain('<a href="#lifecycle-2">');
  });

  it('keeps the views of one apart from those of the other', () => {
    expect(visibleText(sectionOf(page, 'occupancy'))).not.toContain('12 ');
    expect(visibleText(sectionOf(page, 'occupancy-2'))).toMatch(/12 (Aşama|Stage) 12 750/);
  });

  it('needs no inline style', () => {
    expect(page.match(/\sstyle=|<style|<script/g)).toBeNull();
  });
});

describe('the cards of a lifecycle', () => {
  it('keep the place of a view that was promised, and say so', () => {
    const snapshot = both((view) => (view.id === 'stage_flow.ecommerce' ? null : view));
    const run = {
      ...snapshot.manifest.run,
      status: 'partial' as const,
      failedViews: ['stage_flow.ecommerce'],
    };
    const page = renderedPage({ ...snapshot, manifest: { ...snapshot.manifest, run } }, 'tr');

    expect(visibleText(sectionOf(page, 'flow'))).toContain('Bu çalıştırma görünümü hazırlayamadı.');
  });

  it('are not there without a lifecycle, and neither are their patterns', () => {
    const page = renderedPage(aSnapshot([]), 'tr');

    expect(page).not.toContain('stage-hatch');
    expect(page).not.toContain('id="occupancy"');
  });

  it('explain each view once, whatever the number of lifecycles', () => {
    const definitions = sectionOf(renderedPage(both(), 'tr'), 'definitions');

    expect(definitions.match(/<dt>/g)).toHaveLength(5);
  });

  it('let no label become markup', () => {
    const hostile = `"><script>alert('x')</script>`;
    const [first] = lifecycles;
    if (!first) throw new Error('there is no lifecycle');
    const label = { tr: hostile, en: hostile };
    const poisoned = { ...first, label, stages: first.stages.map((stage) => ({ ...stage, label })) };
    const page = renderedPage(
      aSnapshot(stageViews(), { lifecycles: [poisoned, { ...poisoned, id: hostile }] }),
      'tr',
    );

    expect(page).not.toContain('<script');
    expect(firstUnbalancedTag(page)).toBeNull();
  });
});
