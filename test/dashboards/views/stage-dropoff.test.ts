import { describe, expect, it } from 'vitest';
import { pageContext } from '../../../dashboards/page-context.ts';
import { stagePaints } from '../../../dashboards/stages.ts';
import {
  type Dropoff,
  dropoffSentence,
  mainDropoff,
  readDropoffs,
  wholeCustomers,
} from '../../../dashboards/views/dropoffs.ts';
import type { Language, View } from '../../../functions/core/snapshot.ts';
import { kpiView } from '../../support/kpi-fixture.ts';
import { renderedPage, sectionOf, visibleText } from '../../support/page-text.ts';
import { aManifest, aSnapshot } from '../../support/snapshot-fixture.ts';
import { dropoffView, type LifecycleRecipe, lifecycleOf, shopRecipe } from '../../support/stage-fixture.ts';

const lifecycle = lifecycleOf(shopRecipe);
const place = { lifecycle, paints: stagePaints(lifecycle), suffix: '' };

function section(view: View, language: Language = 'tr'): string {
  return sectionOf(renderedPage(aSnapshot([view]), language), 'dropoff');
}

function sentence(view: View, language: Language): string | null {
  const text = dropoffSentence(view, place, pageContext(language, aManifest([]), ''));
  return text?.replaceAll(/[\u00a0\u202f]/g, ' ') ?? null;
}

const withTargets = (
  target: number | null,
  targetSource: 'default' | 'project' = 'default',
): LifecycleRecipe => ({
  ...shopRecipe,
  stages: shopRecipe.stages.map((stage) => ({ ...stage, target, targetSource })),
});

describe('mainDropoff', () => {
  const [first, second, third] = readDropoffs(dropoffView(), place);
  const losing = (dropoff: Dropoff | undefined, shortfall: number | null): Dropoff[] =>
    dropoff ? [{ ...dropoff, shortfall }] : [];

  it('is the stage with the largest sum; the lower rank among equals', () => {
    const dropoffs = [...losing(first, 3), ...losing(second, 7), ...losing(third, 7)];

    expect(mainDropoff(dropoffs)?.stage.id).toBe('acquisition');
  });

  it('is none where nothing is lost or known', () => {
    expect(mainDropoff([...losing(first, 0), ...losing(second, null)])).toBeNull();
    expect(mainDropoff([])).toBeNull();
  });

  it('counts whole customers, rounded down', () => {
    expect([0, 0.99, 1, 607.9999999999, 608.4].map(wholeCustomers)).toEqual([0, 0, 1, 608, 608]);
  });
});

describe('the sentence', () => {
  it('names the main drop-off point, its rate, gap and customers lost', () => {
    expect(sentence(dropoffView(), 'tr')).toBe(
      'En büyük kayıp noktası Edinme ve dönüşüm: ilerleme oranı %25,3, varsayılan hedefin 4,7 puan altında; kaybedilen müşteri 608.',
    );
    expect(sentence(dropoffView(), 'en')).toBe(
      'Main drop-off point Acquisition and conversion: advance rate 25.3%, 4.7 pts below the default target; customers lost 608.',
    );
    expect(sentence(dropoffView({}, withTargets(0.9, 'project')), 'en')).toContain('pts below target;');
  });

  it('says that every target was met, or nothing without targets', () => {
    expect(sentence(dropoffView({}, withTargets(0.0001)), 'tr')).toBe(
      'Hedefi olan her aşama hedefini tuttu.',
    );
    expect(sentence(dropoffView({}, withTargets(null)), 'tr')).toBeNull();
    expect(sentence(dropoffView({ rows: [], status: 'empty' }), 'tr')).toBeNull();
  });

  it('joins the headline of the page', () => {
    const page = renderedPage(aSnapshot([kpiView(), dropoffView()]), 'tr');
    const headline = page.slice(page.indexOf('<h1>'), page.indexOf('</h1>'));

    expect(visibleText(headline)).toMatch(/^Eylül 2026: .+\. En büyük kayıp noktası Edinme ve dönüşüm: /);
  });
});

describe('stage drop-off', () => {
  it('shows rate, gap in points, the target with its source and window, and the customers lost', () => {
    const text = visibleText(section(dropoffView()));

    expect(text).toContain(
      'Edinme ve dönüşüm %25,3 ▼ 4,7 puan altında varsayılan hedef %30,0, 30 günde 3.288 / 12.989 giriş 608',
    );
    expect(text).toContain('Geliştirme ve besleme %23,2 ▲ 3,2 puan üstünde varsayılan hedef %20,0, 90 günde');
    expect(text).toContain('Elde tutma %8,3 ▼ 1,7 puan altında hedef %10,0, 180 günde');
  });

  it('leaves out the last stage: nobody advances from it', () => {
    expect(visibleText(section(dropoffView()))).not.toContain('Savunuculuk');
  });

  it('colours by target met, and plainly without a target', () => {
    const drawn = section(dropoffView());

    expect(drawn.match(/class="rate-missed" y="4"/g)).toHaveLength(3);
    expect(drawn.match(/class="rate-met" y="4"/g)).toHaveLength(1);
    expect(section(dropoffView({}, withTargets(null)))).toContain('class="rate-plain" y="4"');
  });

  it('draws a tick for a target, and a diamond for a benchmark only', () => {
    const drawn = section(dropoffView());
    const stages = shopRecipe.stages.map((stage) => ({ ...stage, benchmark: 0.2 }));
    const compared = section(dropoffView({}, { ...shopRecipe, stages }), 'en');

    expect(drawn.match(/<line class="target-tick" x1="[\d.]+%"/g)).toHaveLength(4);
    expect(drawn).not.toContain('class="diamond"');
    expect(visibleText(drawn)).toContain('Sektör kıyaslaması yok.');
    expect(compared.match(/class="diamond"/g)).toHaveLength(4 + 1);
    expect(visibleText(compared)).toContain('benchmark 20.0%, Örnek Araştırma (2024)');
  });

  it('says which targets are defaults', () => {
    expect(visibleText(section(dropoffView({}, withTargets(0.2, 'project'))))).not.toContain('varsayılan');
    expect(visibleText(section(dropoffView({}, withTargets(0.2))))).toContain('hedef (varsayılan)');
    expect(visibleText(section(dropoffView()))).toContain('hedef (bir kısmı varsayılan)');
  });

  it('has a table of the months and their sum', () => {
    const drawn = section(dropoffView());
    const table = visibleText(drawn.slice(drawn.indexOf('<table')));

    expect(table).toMatch(
      /^Giriş ayı Erişim ve farkındalık .+ Eylül 2026 .+ Ekim 2025 .+ Hepsi %2,6 1\.177 \/ 45\.116 kayıp 176/,
    );
  });

  it('says hidden for a rate of few customers, in the months but not in their sum', () => {
    const stages = shopRecipe.stages.map((stage) => ({ ...stage, entered: 30 }));
    const drawn = section(dropoffView({}, { ...shopRecipe, stages }));

    expect(visibleText(drawn)).toContain('gizli');
    expect(visibleText(drawn)).toMatch(/Edinme ve dönüşüm %2\d,\d/);
  });

  it.each([
    ['no entries', { entered: 0 }],
    ['no rate at all', { rate: null }],
    ['one customer', { entered: 1 }],
  ])('survives stages with %s', (_case, change) => {
    const stages = shopRecipe.stages.map((stage) => ({ ...stage, ...change }));
    const drawn = section(dropoffView({}, { ...shopRecipe, stages }));

    expect(drawn).not.toMatch(/NaN|Infinity|undefined/);
  });
});
