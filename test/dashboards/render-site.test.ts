import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { renderSite } from '../../dashboards/render-site.ts';
import { type Cell, type Language, languages, type View } from '../../functions/core/snapshot.ts';
import { kpiView } from '../support/kpi-fixture.ts';
import { fakeDigest, firstUnbalancedTag, renderedPage, visibleText } from '../support/page-text.ts';
import {
  aSnapshot,
  bothLanguages,
  cohortView,
  lifecycleView,
  rfmGridView,
  rfmView,
} from '../support/snapshot-fixture.ts';
import { lifecycleOf, shopRecipe, stageViews, twelveStages } from '../support/stage-fixture.ts';

const hostile = `"><script>alert('x')</script><b a=' onload=x`;

function hostileCell(cell: Cell, isDate: boolean): Cell {
  return typeof cell === 'string' && !isDate ? hostile : cell;
}

/** The view with every text that is free text replaced by markup that wants out. */
function poisoned(view: View): View {
  const free = new Set([
    'from_label_tr',
    'from_label_en',
    'to_label_tr',
    'to_label_en',
    'text_tr',
    'text_en',
    'state',
    'benchmark_source',
    'parent_label_tr',
    'kpi_id',
    'label_tr',
    'label_en',
    'null_reason',
    'segment',
    'unit',
    'better',
  ]);
  return {
    ...view,
    status: 'carried',
    reason: bothLanguages(hostile),
    title: bothLanguages(hostile),
    rows: view.rows.map((row) =>
      row.map((cell, index) => hostileCell(cell, !free.has(view.columns[index]?.key ?? ''))),
    ),
    definition: { text: bothLanguages(hostile), sqlModel: hostile, version: hostile },
  };
}

function poisonedSnapshot() {
  const snapshot = aSnapshot(aSnapshot().views.map(poisoned), {
    sector: hostile,
    run: {
      status: 'partial',
      failedViews: [hostile],
      runId: hostile,
      modelVersion: hostile,
      gitSha: hostile,
      rowsIn: 1,
    },
    snapshotId: hostile,
  });
  const files = Object.values(snapshot.manifest.views).map((published) => ({
    ...published,
    files: {
      ...published.files,
      csv: { ...published.files.csv, path: `javascript:alert(1)//../${hostile}` },
    },
  }));
  const views = Object.fromEntries(snapshot.views.map((view, index) => [view.id, files[index]] as const));
  return { ...snapshot, manifest: { ...snapshot.manifest, views: views as typeof snapshot.manifest.views } };
}

describe('renderSite', () => {
  it('gives three mutable pages and one style sheet named by its content', () => {
    const files = renderSite(aSnapshot(), fakeDigest);

    expect(files.map(({ path, mutable }) => [path, mutable])).toEqual([
      [expect.stringMatching(/^a\/app\.[0-9a-f]{16}\.css$/), false],
      ['index.html', true],
      ['tr/index.html', true],
      ['en/index.html', true],
    ]);
  });

  it.each(['tr', 'en'] as const)('opens in the chosen language: %s', (first) => {
    const [, opening, ...others] = renderSite(aSnapshot(), fakeDigest, first);

    expect(opening?.content).toContain(`<html lang="${first}"`);
    for (const page of others) {
      expect(page.content).toContain(`<html lang="${page.path.slice(0, 2)}"`);
    }
  });

  it('gives the same bytes for the same snapshot', () => {
    expect(renderSite(aSnapshot(), fakeDigest)).toEqual(renderSite(aSnapshot(), fakeDigest));
  });

  it('stays within the budget of a first load, with a second lifecycle of twelve stages', () => {
    const lifecycles = [shopRecipe, twelveStages('with a name that is as long as a name can get')];
    const files = renderSite(
      aSnapshot(
        [
          ...[kpiView(), lifecycleView({}, 120), cohortView({}, 120), rfmView(), rfmGridView()],
          ...lifecycles.flatMap(stageViews),
        ],
        { lifecycles: lifecycles.map(lifecycleOf) },
      ),
      fakeDigest,
    );
    const sizes = files.map((file) => gzipSync(file.content).length);

    expect(Math.max(...sizes)).toBeLessThanOrEqual(60_000);
    // a reader loads one page and the style sheet
    const [style = 0, ...pages] = sizes;
    expect(style + Math.max(...pages)).toBeLessThanOrEqual(100_000);
  });

  it('uses no colour outside the palette in its rules', () => {
    const style =
      renderSite(aSnapshot(), fakeDigest).find((file) => file.path.endsWith('.css'))?.content ?? '';
    const rules = style.replaceAll(/--\w+:#[0-9a-f]{6}/g, '');

    expect(rules.match(/#[0-9a-f]{3,6}\b/g)).toEqual(['#fff']);
  });
});

describe.each(languages)('the %s page', (language: Language) => {
  const page = renderedPage(aSnapshot(), language);

  it('is one balanced document in its language', () => {
    expect(page.startsWith(`<!doctype html>\n<html lang="${language}">`)).toBe(true);
    expect(firstUnbalancedTag(page)).toBeNull();
  });

  it('needs no script, no inline style and no other origin', () => {
    const foreign = page.replaceAll('http://www.w3.org/2000/svg', '').match(/https?:|\/\/\w/gi);

    expect(page.match(/\sstyle=|<style|<script|\son\w+=|javascript:/gi)).toBeNull();
    expect(foreign).toBeNull();
    expect(page).toContain('content="default-src &#39;none&#39;; style-src &#39;self&#39; file:;');
  });

  it('has every id once, and every reference finds its id', () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    const references = [...page.matchAll(/(?:aria-labelledby="|url\(#|href="#)([^")]+)/g)].map(
      ([, id]) => id,
    );

    expect(new Set(ids).size).toBe(ids.length);
    expect(references.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('uses only classes that the style sheet knows', () => {
    const style =
      renderSite(aSnapshot(), fakeDigest).find((file) => file.path.endsWith('.css'))?.content ?? '';
    const used = new Set(
      [...page.matchAll(/class="([^"]+)"/g)].flatMap(([, names = '']) => names.split(' ')),
    );
    const unstyled = new Set(['tile-large', 'badge-fresh', 'of-6']);

    expect([...used].filter((name) => !unstyled.has(name) && !style.includes(`.${name}`))).toEqual([]);
  });

  it('links with relative addresses only: the other language, its style, the files', () => {
    const root = language === 'tr' ? '' : '../';
    const files = language === 'tr' ? './' : '../';

    expect(page).toContain(`href="${root}${language === 'tr' ? 'en' : 'tr'}/index.html"`);
    expect(page).toContain(`<link rel="stylesheet" href="${root}a/app.`);
    expect(page).toContain(`href="${files}d/rfm.0123456789abcdef.tr.csv"`);
  });

  it('lets no text become markup', () => {
    const shown = renderedPage(poisonedSnapshot(), language);

    expect(shown.match(/<script|<b a=|href="javascript/gi)).toBeNull();
    expect(firstUnbalancedTag(shown)).toBeNull();
    expect(shown).toContain('&lt;script&gt;');
  });
});

describe('the page', () => {
  it('tells the data date in the reporting time zone', () => {
    expect(visibleText(renderedPage(aSnapshot(), 'tr'))).toContain(
      'Güncel Veri tarihi 17 Ekim 2026 · Sonraki yenileme 19 Ekim 2026 06:00',
    );
    expect(visibleText(renderedPage(aSnapshot(), 'en'))).toContain('Up to date Data to 17 October 2026');
  });

  it('warns when it was published too late, and when views failed', () => {
    const late = aSnapshot(undefined, { staleAfter: '2026-10-18T00:00:00Z' });
    const run = { ...aSnapshot().manifest.run, status: 'partial' as const, failedViews: ['rfm', 'extra'] };
    const failed = aSnapshot([kpiView()], { run });

    expect(visibleText(renderedPage(late, 'tr'))).toContain('Bayat Veri tarihi');
    expect(visibleText(renderedPage(failed, 'en'))).toContain(
      'Views that this run could not refresh: rfm, extra.',
    );
    expect(visibleText(renderedPage(failed, 'tr'))).toContain('Bu çalıştırma görünümü hazırlayamadı.');
  });

  it('prefers a monthly view when a kind comes in several grains', () => {
    const weekly = lifecycleView({ id: 'activity_lifecycle_week', grain: 'week' });
    const monthly = lifecycleView({ id: 'activity_lifecycle_month' });

    expect(visibleText(renderedPage(aSnapshot([weekly, monthly]), 'tr'))).toContain('Nabız 1,18 Eylül 2026');
  });

  it('leaves no hole for views that were never meant', () => {
    expect(renderedPage(aSnapshot([]), 'en')).not.toContain('card-blank');
  });

  it('names the view and the column when the publisher broke the contract', () => {
    const view = lifecycleView();
    const broken = { ...view, columns: view.columns.filter((column) => column.key !== 'count_dormant') };
    const wrong = lifecycleView({ rows: [['2026-09-01', 'many', 0, 0, 0, true]] });

    expect(() => renderSite(aSnapshot([broken]), fakeDigest)).toThrow(
      'view "activity_lifecycle" has no column "count_dormant"',
    );
    expect(() => renderSite(aSnapshot([wrong]), fakeDigest)).toThrow(
      'view "activity_lifecycle", column "count_new": expected a number, found "many"',
    );
  });
});
