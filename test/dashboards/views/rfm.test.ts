import { describe, expect, it } from 'vitest';
import { readSegments } from '../../../dashboards/views/rfm-segments.ts';
import type { Cell, View } from '../../../functions/core/snapshot.ts';
import { renderedPage, sectionOf, visibleText } from '../../support/page-text.ts';
import { aSnapshot, rfmGridView, rfmView } from '../../support/snapshot-fixture.ts';

function section(overrides: Partial<View>, language: 'tr' | 'en' = 'tr'): string {
  return sectionOf(renderedPage(aSnapshot([rfmView(overrides), rfmGridView()]), language), 'rfm');
}

const dominated: readonly Cell[][] = [
  ['a', 'Kış uykusunda', 'Hibernating', 9_900, 99_000_000, 300],
  ['b', 'Şampiyonlar', 'Champions', 60, 900_000_000, 9],
  ['c', 'Riskte', 'At risk', 40, 400_000, 200],
];

describe('readSegments', () => {
  it('sorts by size, then by the alphabet of the language, and gives shares and value per customer', () => {
    const rows = [
      ['x', 'Şanslı', 'B', 10, 1_000, 1],
      ['y', 'Sadık', 'C', 10, 3_000, 1],
      ['z', 'Büyük', 'A', 20, 0, 1],
    ];
    const segments = readSegments(rfmView({ rows }), 'tr');

    expect(segments.map((segment) => segment.id)).toEqual(['z', 'y', 'x']);
    expect(segments.map((segment) => segment.share)).toEqual([0.5, 0.25, 0.25]);
    expect(segments.map((segment) => segment.perCustomer)).toEqual([0, 300, 100]);
  });

  it('gives five segments of different value the five steps', () => {
    const rows = [1, 2, 3, 4, 5].map((value): Cell[] => [`s${value}`, 'a', 'a', 10, value * 1_000, 1]);

    expect(
      readSegments(rfmView({ rows }), 'tr')
        .map((segment) => segment.step)
        .sort(),
    ).toEqual([1, 2, 3, 4, 5]);
  });

  it('takes the middle step when all are worth the same, and the first where the value is unknown', () => {
    const rows: Cell[][] = [
      ['a', 'a', 'a', 10, 1_000, 1],
      ['b', 'b', 'b', 20, 2_000, 1],
      ['c', 'c', 'c', null, null, null],
    ];

    expect(readSegments(rfmView({ rows }), 'tr').map((segment) => segment.step)).toEqual([3, 3, 1]);
  });
});

describe('the RFM treemap', () => {
  it('writes a name only where it fits and numbers the rest, with a key', () => {
    const drawn = section({ rows: dominated });

    expect(drawn).toMatch(/cell-name"[^>]*>Kış uykusunda</);
    expect(drawn).not.toMatch(/cell-name"[^>]*>Şampiyonlar</);
    expect(visibleText(drawn.slice(drawn.indexOf('class="key')))).toContain(
      'Şampiyonlar 60 · %0,6 · ₺150.000',
    );
  });

  it('has an area in proportion to the customers', () => {
    const drawn = section({
      rows: [
        ['a', 'Bir', 'One', 75, 1, 1],
        ['b', 'İki', 'Two', 25, 1, 1],
      ],
    });
    const areas = [
      ...drawn.matchAll(/<rect class="s\d" x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="([\d.]+)"/g),
    ].map(([, width, height]) => Number(width) * Number(height));

    expect((areas[0] ?? 0) / (areas[1] ?? 1)).toBeCloseTo(3, 0);
  });

  it('has ranked bars for narrow screens and the same numbers as a table', () => {
    const drawn = section({ rows: dominated });

    expect(drawn).toContain('<ol class="bars narrow-only">');
    expect(visibleText(drawn.slice(drawn.indexOf('<table')))).toContain(
      'Kış uykusunda 9.900 %99,0 ₺990.000 ₺100 300',
    );
  });

  it('names the segments that have no area', () => {
    const rows: Cell[][] = [
      ...dominated,
      ['d', 'Boş', 'None', 0, 0, null],
      ['e', 'Gizli', 'Hidden', null, null, null],
    ];

    expect(visibleText(section({ rows, suppressed: { k: 10, rows: 1 } }))).toContain(
      'Alanı olmayan segmentler: Boş 0 · Gizli <10.',
    );
  });

  it('sums up the picture in a sentence', () => {
    expect(section({ rows: dominated }, 'en')).toContain(
      'aria-label="RFM segments. 3 segments; the largest is Hibernating with 99.0% of customers"',
    );
  });

  it.each([
    ['one customer without revenue', [['a', 'Bir', 'One', 1, 0, 0]]],
    [
      'more refunds than sales',
      [
        ['a', 'Bir', 'One', 3, -900, 4],
        ['b', 'İki', 'Two', 1, 0, 4],
      ],
    ],
    ['nobody', [['a', 'Bir', 'One', 0, 0, null]]],
  ])('survives %s', (_case, rows) => {
    expect(section({ rows })).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('the RFM grid', () => {
  function grid(overrides: Partial<View>): string {
    return sectionOf(renderedPage(aSnapshot([rfmGridView(overrides)]), 'tr'), 'rfm-grid');
  }

  it('shows best recency on top, 0 where nobody has the scores, <10 where it is hidden', () => {
    const rows: Cell[][] = [
      [5, 5, 40],
      [5, 4, null],
      [1, 1, 20],
    ];

    expect(visibleText(grid({ rows, suppressed: { k: 10, rows: 1 } }))).toContain(
      'Yenilik Sıklık 1 2 3 4 5 5 0 0 0 <10 40 4 0',
    );
  });

  it('gives the fullest cell the darkest step', () => {
    expect(
      grid({
        rows: [
          [5, 5, 40],
          [1, 1, 1],
        ],
      }),
    ).toContain('<td class="q5" title="Yenilik 5, Sıklık 5: 40 müşteri');
  });
});
