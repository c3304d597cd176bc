import { describe, expect, it } from 'vitest';
import { breakLines, numberKey, placeLabels } from '../../../dashboards/charts/labels.ts';

const label = (at: number, name: string, number = 1) => ({ at, name, value: '10', number });

/** Top and bottom of every label, from the top. */
function boxes(placed: ReturnType<typeof placeLabels>): readonly (readonly [number, number])[] {
  return placed.map(({ y, lines }) => [y - lines.length * 7.5, y + lines.length * 7.5] as const);
}

describe('breakLines', () => {
  it('breaks between words only, and gives up where a word or the text does not fit', () => {
    expect(breakLines('Geliştirme ve besleme', 110, 2)).toEqual(['Geliştirme ve', 'besleme']);
    expect(breakLines('Geliştirme ve besleme', 110, 1)).toBeNull();
    expect(breakLines('Sürdürülebilirlik', 60, 3)).toBeNull();
  });
});

describe('placeLabels', () => {
  it('leaves labels where they belong while they do not clash', () => {
    expect(placeLabels([label(50, 'a'), label(150, 'b')], 100, 0, 200).map(({ y }) => y)).toEqual([50, 150]);
  });

  it('moves labels apart, inside their bounds, in their order', () => {
    const placed = placeLabels(
      Array.from({ length: 12 }, (_, index) => label(190 + index / 10, `s${index}`, index + 1)),
      100,
      0,
      200,
    );
    const tops = boxes(placed);

    expect(placed.map(({ label: { number } }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    for (const [index, [top, bottom]] of tops.entries()) {
      expect(top).toBeGreaterThanOrEqual(0);
      expect(bottom).toBeLessThanOrEqual(200.01);
      expect(top).toBeGreaterThanOrEqual((tops[index - 1]?.[1] ?? 0) - 0.01);
    }
  });

  it('lets a name that does not fit give way to its number, and keeps a key of it', () => {
    const long = 'Müşteri ilişkilerinde sürdürülebilirlik ve uzun dönemli elde tutma programlarımız';
    const placed = placeLabels([label(50, long, 7), label(90, 'kısa', 8)], 90, 0, 200);

    expect(placed.map(({ lines }) => lines)).toEqual([['7 · 10'], ['kısa\u00a010'.replace('\u00a0', ' ')]]);
    expect(numberKey(placed, 'x')).toEqual([{ number: 7, name: long, className: 'x' }]);
  });
});
