import { describe, expect, it } from 'vitest';
import { stagePaints } from '../../../dashboards/stages.ts';
import { readFlow, splitSmall, totalOf } from '../../../dashboards/views/stage-moves.ts';
import type { Language, View } from '../../../functions/core/snapshot.ts';
import { stageFlow } from '../../../functions/core/views/stage-flow.ts';
import type { SourceRow } from '../../../functions/core/views/view-source.ts';
import { renderedPage, sectionOf, visibleText } from '../../support/page-text.ts';
import { aSnapshot } from '../../support/snapshot-fixture.ts';
import {
  flowView,
  type LifecycleRecipe,
  lifecycleOf,
  publishedView,
  shopRecipe,
  twelveStages,
} from '../../support/stage-fixture.ts';

const lifecycle = lifecycleOf(shopRecipe);
const place = { lifecycle, paints: stagePaints(lifecycle), suffix: '' };
const ranks: Readonly<Record<string, number>> = { lapsed: 0, reach: 1, acquisition: 2, nurture: 3 };

function row(from: string, to: string, count: number): SourceRow {
  return {
    period_start: '2026-09-01',
    from_stage_id: from,
    from_rank: ranks[from] ?? null,
    from_label_tr: `${from}-tr`,
    from_label_en: from,
    to_stage_id: to,
    to_rank: ranks[to],
    to_label_tr: `${to}-tr`,
    to_label_en: to,
    count_customers: count,
  };
}

const viewOf = (rows: readonly SourceRow[]): View => publishedView(stageFlow(lifecycle), rows);

function section(view: View, language: Language = 'tr', recipe: LifecycleRecipe = shopRecipe): string {
  return sectionOf(renderedPage(aSnapshot([view], { lifecycles: [lifecycleOf(recipe)] }), language), 'flow');
}

const rows = [
  row('outside', 'reach', 200),
  row('reach', 'reach', 4_000),
  row('reach', 'acquisition', 300),
  row('reach', 'nurture', 60),
  row('acquisition', 'reach', 50),
  row('acquisition', 'acquisition', 800),
  row('acquisition', 'lapsed', 100),
  row('lapsed', 'reach', 40),
  row('lapsed', 'lapsed', 1_000),
  row('nurture', 'lapsed', 12),
];

describe('splitSmall', () => {
  it('draws moves from 0.2 % on and joins the rest, so that no customer is lost', () => {
    const flow = readFlow(viewOf([...rows, row('nurture', 'nurture', 11)]), place);
    const { drawn, others } = splitSmall(flow);
    const sum = drawn.reduce((total, { count }) => total + count, 0);

    expect(totalOf(flow)).toBe(6_573);
    expect(drawn).toHaveLength(9);
    expect([...others]).toEqual([['nurture', 23]]);
    expect(sum + 23).toBe(6_573);
  });

  it('joins hidden moves too: what they are together is known, not what each is', () => {
    const flow = readFlow(
      viewOf([row('reach', 'reach', 500), row('reach', 'nurture', 4), row('reach', 'lapsed', 70)]),
      place,
    );

    expect(flow.moves.filter(({ count }) => count === null)).toHaveLength(2);
    expect([...splitSmall(flow).others]).toEqual([['reach', 74]]);
  });
});

describe('stage flow', () => {
  it('colours a ribbon by its kind and says the kind in words', () => {
    const drawn = section(viewOf(rows));
    const kinds = ['enter', 'stay', 'advance', 'skip', 'return', 'lapse', 'reactivate'];

    for (const kind of kinds) expect(drawn).toContain(`ribbon move-${kind}`);
    expect(drawn).toContain('reach-tr → nurture-tr: 60 müşteri, aşama atladı (%1,4)');
    expect(visibleText(drawn)).toContain('kaldı 5.800');
    expect(visibleText(section(viewOf(rows), 'en'))).toContain('moved back 50 0.8%');
  });

  it('names the ends of both columns, and who was outside', () => {
    const text = visibleText(section(viewOf(rows), 'en'));

    expect(text).toContain('End of Aug 2026');
    expect(text).toContain('End of Sep 2026');
    expect(text).toContain('Not yet entered 200');
  });

  it('lists the largest moves in words', () => {
    expect(visibleText(section(viewOf(rows)))).toContain(
      'En büyük hareketler reach-tr → acquisition-tr 300 ilerledi · %6,9 Henüz girmedi → reach-tr 200 girdi · %100,0',
    );
  });

  it('has the matrix with shares of each row and both totals', () => {
    const text = visibleText(section(viewOf(rows)));

    expect(text).toContain('Nereden ↓ nereye → reach-tr acquisition-tr nurture-tr lapsed-tr Toplam');
    expect(text).toContain('acquisition-tr 50 %5,3 geri döndü 800 %84,2 kaldı 0 100 %10,5 pasifleşti 950');
    expect(text).toContain('Toplam 4.290 1.100 60 1.112');
  });

  it('conserves customers: the ribbons of a column fill its stages', () => {
    const drawn = section(flowView());
    const picture = drawn.slice(
      drawn.indexOf('<svg class="chart'),
      drawn.indexOf('</svg>', drawn.indexOf('<svg class="chart')),
    );
    const heights = [
      ...picture.matchAll(
        /<rect class="st[\w-]+(?: extra)?" x="([\d.]+)" y="[\d.]+" width="10" height="([\d.]+)"/g,
      ),
    ];
    const sumAt = (x: string): number =>
      heights.filter(([, at]) => at === x).reduce((total, [, , height]) => total + Number(height), 0);

    expect(sumAt('168')).toBeGreaterThan(250);
    expect(sumAt('168')).toBeCloseTo(sumAt('462'), 0);
  });

  it('says that all is hidden when it is', () => {
    const drawn = section(viewOf([row('reach', 'reach', 1)]));

    expect(visibleText(drawn)).toContain('kaldı gizli');
    expect(drawn).not.toMatch(/NaN|Infinity|undefined|class="ribbon/);
  });

  it('refuses a kind of move that it does not know', () => {
    const view = viewOf(rows);
    const broken = view.rows.map((cells) => cells.map((cell) => (cell === 'skip' ? 'jump' : cell)));

    expect(() => section({ ...view, rows: broken })).toThrow('"jump" is no kind of move');
  });

  it('survives twelve stages with long names', () => {
    const recipe = twelveStages('müşterilerinin sürdürülebilir bağlılığı ve tavsiye davranışları');
    const drawn = section(flowView({}, recipe), 'tr', recipe);

    expect(drawn).toContain('class="numbers not-narrow"');
    expect(drawn).not.toMatch(/NaN|Infinity|undefined/);
  });
});
