import { describe, expect, it } from 'vitest';
import type { Cell, View } from '../../../functions/core/snapshot.ts';
import { kpiView } from '../../support/kpi-fixture.ts';
import { renderedPage, sectionOf, visibleText } from '../../support/page-text.ts';
import { aSnapshot } from '../../support/snapshot-fixture.ts';

interface TilePoint {
  readonly value: number | null;
  readonly target?: number;
  readonly source?: 'default' | 'project';
  readonly benchmark?: number;
  readonly isComplete?: boolean;
  readonly nullReason?: string;
}

function viewOf(unit: string, better: string, points: readonly TilePoint[]): View {
  return kpiView({
    rows: points.map((point, index): Cell[] => [
      'k',
      'Gösterge',
      'Indicator',
      unit,
      better,
      `2026-0${index + 1}-01`,
      point.value,
      null,
      null,
      point.target ?? null,
      point.isComplete ?? true,
      point.nullReason ?? null,
      point.source ?? null,
      point.benchmark ?? null,
      point.benchmark === undefined ? null : 'Ticaret Odası <2024>',
    ]),
  });
}

function tile(view: View, language: 'tr' | 'en' = 'tr'): string {
  const section = sectionOf(renderedPage(aSnapshot([view]), language), 'kpis');
  return section.slice(section.indexOf('<li class="tile'), section.indexOf('</li>'));
}

describe('a KPI tile', () => {
  it('shows the last complete period by name, the change in points and the target', () => {
    const shown = tile(
      viewOf('ratio', 'up', [
        { value: 0.8, target: 0.8 },
        { value: 0.784, target: 0.8 },
        { value: 0.1, isComplete: false },
      ]),
    );

    expect(visibleText(shown)).toBe(
      'Gösterge Şubat 2026 %78,4 ▼ 1,6 puan kötüleşti Hedef %80,0 ! 1,6 puan uzakta',
    );
  });

  it('colours a fall as good where down is better', () => {
    const shown = tile(viewOf('ratio', 'down', [{ value: 0.06 }, { value: 0.05, target: 0.05 }]), 'en');

    expect(shown).toContain('class="delta good"');
    expect(visibleText(shown)).toContain('▼ 1.0 pts better Target 5.0% ✓ target met');
  });

  it('gives money and counts a relative change, and no verdict where neither way is better', () => {
    expect(visibleText(tile(viewOf('money', 'up', [{ value: 100_000 }, { value: 120_000 }])))).toContain(
      '₺1.200 ▲ %20,0 iyileşti',
    );
    expect(tile(viewOf('count', '-', [{ value: 10 }, { value: 8 }]))).toContain('▼ %20,0 azaldı');
  });

  it.each([
    ['days', '41,3 gün'],
    ['hours', '41,3 saat'],
    ['times', '41,30 kez'],
    ['score', '41,3'],
    ['something else', '41,3'],
  ])('writes a value in %s', (unit, text) => {
    expect(visibleText(tile(viewOf(unit, 'up', [{ value: 41.3 }])))).toContain(text);
  });

  it.each([
    ['the period before is unknown', [{ value: null }, { value: 5 }], 'önceki dönem yok'],
    ['the period before was 0', [{ value: 0 }, { value: 5 }], 'önceki dönem 0'],
    ['the change rounds to nothing', [{ value: 10_000 }, { value: 10_001 }], 'değişmedi'],
    ['it stayed at 0', [{ value: 0 }, { value: 0 }], 'değişmedi'],
  ])('says so when %s', (_case, points, text) => {
    expect(visibleText(tile(viewOf('count', 'up', points)))).toContain(text);
  });

  it('shows a dash and the reason where there is no value', () => {
    expect(
      visibleText(tile(viewOf('ratio', 'up', [{ value: null, nullReason: 'no_denominator' }]))),
    ).toContain('— payda sıfır');
    expect(
      visibleText(tile(viewOf('ratio', 'up', [{ value: null, nullReason: 'ilk yıl dolmadı' }]))),
    ).toContain('ilk yıl dolmadı');
    expect(visibleText(tile(viewOf('ratio', 'up', [{ value: 1, isComplete: false }])))).toContain(
      '— — tamamlanmış dönem yok',
    );
  });

  it('draws gaps, isolated points and a hollow unfinished point', () => {
    const shown = tile(
      viewOf('count', 'up', [
        { value: 1 },
        { value: null },
        { value: 3 },
        { value: null },
        { value: 4 },
        { value: 5 },
        { value: 2, isComplete: false },
      ]),
    );

    expect(shown.match(/spark-dot/g)).toHaveLength(2);
    expect(shown.match(/spark-last/g)).toHaveLength(1);
    expect(shown.match(/spark-open/g)).toHaveLength(1);
    expect(shown).toContain('spark-line-open');
    expect(shown).not.toContain('NaN');
  });

  it('describes the course in one sentence for those who do not see it', () => {
    const shown = tile(viewOf('count', 'up', [{ value: 3 }, { value: 1 }, { value: 2 }]));

    expect(shown).toContain(
      'aria-label="Gösterge, 3 dönem: Ocak 2026 3; Mart 2026 2; en düşük 1, en yüksek 3"',
    );
  });
});

describe('the tiles', () => {
  it('are large for the first six and small for the rest', () => {
    const section = sectionOf(renderedPage(aSnapshot([kpiView()]), 'tr'), 'kpis');

    expect(section.match(/tile-large/g)).toHaveLength(6);
    expect(section.match(/tile-small/g)).toHaveLength(6);
  });

  it('share the width when they are few', () => {
    const section = sectionOf(renderedPage(aSnapshot([viewOf('count', 'up', [{ value: 1 }])]), 'tr'), 'kpis');

    expect(section).toContain('class="tiles of-1"');
  });

  it('have their numbers in a table as well, the partial one marked', () => {
    const section = sectionOf(
      renderedPage(aSnapshot([viewOf('count', 'up', [{ value: 7 }, { value: 2, isComplete: false }])]), 'en'),
      'kpis',
    );

    expect(visibleText(section.slice(section.indexOf('<table')))).toContain(
      'Indicator Jan 2026 Feb 2026 Indicator 7 2 partial',
    );
  });
});

describe('the target of a KPI tile', () => {
  it.each([
    ['default', 'tr', 'Varsayılan hedef %80,0'],
    ['default', 'en', 'Default target 80.0%'],
    ['project', 'tr', '%78,4 önceki dönem yok Hedef %80,0'],
  ] as const)('says of a target of the %s whose it is, in %s', (source, language, words) => {
    const shown = tile(viewOf('ratio', 'up', [{ value: 0.784, target: 0.8, source }]), language);

    expect(visibleText(shown)).toContain(words);
  });

  it('reads an older view that does not say whose its targets are', () => {
    const view = viewOf('ratio', 'up', [{ value: 0.784, target: 0.8, source: 'default' }]);
    const older = { ...view, columns: view.columns.slice(0, -3) };

    expect(visibleText(tile(older))).not.toContain('Varsayılan');
  });
});

describe('the benchmark of a KPI tile', () => {
  it('stands on the tile, and its source below the tiles', () => {
    const view = viewOf('ratio', 'up', [{ value: 0.784, benchmark: 0.7 }]);
    const section = sectionOf(renderedPage(aSnapshot([view]), 'tr'), 'kpis');

    expect(visibleText(tile(view))).toContain('Sektör kıyaslaması %70,0');
    expect(section).toContain('<li>Gösterge: Ticaret Odası &lt;2024&gt;</li>');
  });

  it('is not spoken of where there is none, and in an older view', () => {
    const view = viewOf('ratio', 'up', [{ value: 0.784, benchmark: 0.7 }]);
    const older = { ...view, columns: view.columns.slice(0, -2) };

    for (const shown of [viewOf('ratio', 'up', [{ value: 0.784 }]), older]) {
      expect(sectionOf(renderedPage(aSnapshot([shown]), 'tr'), 'kpis')).not.toContain('yaslama');
    }
  });
});
