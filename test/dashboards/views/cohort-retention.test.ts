import { describe, expect, it } from 'vitest';
import { readCohorts, shareScale } from '../../../dashboards/views/cohort-triangle.ts';
import type { View } from '../../../functions/core/snapshot.ts';
import { renderedPage, sectionOf, visibleText } from '../../support/page-text.ts';
import { aSnapshot, cohortView } from '../../support/snapshot-fixture.ts';

const rows = [
  ['2026-08-01', 0, 200, 200, 0, true],
  ['2026-08-01', 1, 200, 50, 0, true],
  ['2026-08-01', 2, 200, 3, 0, false],
  ['2026-09-01', 0, 100, 100, 0, true],
  ['2026-09-01', 1, 100, 10, 0, true],
  ['2026-10-01', 0, 7, 7, 0, false],
] as const;

function section(overrides: Partial<View>, count?: number): string {
  return sectionOf(renderedPage(aSnapshot([cohortView(overrides, count)]), 'tr'), 'cohorts');
}

describe('readCohorts', () => {
  it('weighs the mean by size, over complete cells only', () => {
    const { means } = readCohorts(cohortView({ rows }));

    expect(means.get(1)).toBeCloseTo(60 / 300);
    expect(means.has(2)).toBe(false);
    expect(means.get(0)).toBe(1);
  });

  it('has no mean of a period in which a cell is hidden, because it would be wrong', () => {
    const hidden = [...rows, ['2026-07-01', 1, 9, null, null, true]] as const;

    expect(readCohorts(cohortView({ rows: hidden })).means.get(1)).toBeUndefined();
  });

  it("takes the mean from the view's own rows of all cohorts", () => {
    const published = [
      ...rows,
      ['2026-07-01', 1, 9, null, null, true],
      [null, 1, 309, 65, null, true],
    ] as const;

    expect(readCohorts(cohortView({ rows: published })).means.get(1)).toBeCloseTo(65 / 309);
  });
});

describe('shareScale', () => {
  it('has five steps with round bounds, blind to period 0', () => {
    const scale = shareScale(readCohorts(cohortView({ rows })));

    expect(scale.bounds).toEqual([0.05, 0.1, 0.15, 0.2]);
    expect([0, 0.05, 0.19, 0.2, 1].map(scale.stepOf)).toEqual([1, 2, 4, 5, 5]);
  });

  it('exists for cohorts that nobody came back to', () => {
    expect(shareScale(readCohorts(cohortView({ rows: [] }))).stepOf(0)).toBe(1);
  });
});

describe('the cohort triangle', () => {
  it('shows percentages, sizes and the mean', () => {
    expect(visibleText(section({ rows }))).toContain(
      'Ağu 2026 200 100 25,0 1,5 kısmi Eyl 2026 100 100 10,0 Eki 2026 7 100 kısmi Ağırlıklı ortalama 307 100 20,0',
    );
  });

  it('hatches the unfinished cells and explains a cell on hover', () => {
    const drawn = section({ rows });

    expect(drawn).toContain('class="q1 hatch" title="2. dönem: 3 / 200 müşteri"');
    expect(visibleText(drawn)).toContain('kısmi dönem');
  });

  it('writes <10 where a complete cell is hidden, and a dash where nothing was hidden', () => {
    const hidden = [
      ['2026-08-01', 0, null, null, null, true],
      ['2026-08-01', 1, null, null, null, true],
    ] as const;

    expect(
      visibleText(section({ rows: hidden, status: 'suppressed', suppressed: { k: 10, rows: 2 } })),
    ).toContain('Ağu 2026 <10 <10 <10');
    expect(visibleText(section({ rows: hidden }))).toContain('Ağu 2026 — — —');
  });

  it('shows the newest 24 of 120 cohorts and says so', () => {
    const drawn = section({}, 120);

    expect(drawn.match(/<th scope="row">/g)).toHaveLength(24 + 1 + 24);
    expect(visibleText(drawn)).toContain('En yeni 24 kohort gösteriliyor (toplam 120).');
    expect(visibleText(drawn)).toContain('Kas 2024');
    expect(visibleText(drawn)).not.toContain('Eki 2024');
  });

  it('scrolls in a region that the keyboard reaches', () => {
    expect(section({ rows })).toContain(
      '<div class="scroll" role="region" aria-label="Kohort elde tutma, tablo" tabindex="0">',
    );
  });

  it('stands beside the lifecycle only while it fits there', () => {
    const page = (count: number): string =>
      renderedPage(
        aSnapshot([
          ...aSnapshot().views.filter((view) => view.kind !== 'cohort_retention'),
          cohortView({}, count),
        ]),
        'tr',
      );

    expect(sectionOf(page(13), 'cohorts')).toContain('card span-7');
    expect(sectionOf(page(14), 'cohorts')).toContain('card span-12');
  });
});
