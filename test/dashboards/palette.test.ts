import { describe, expect, it } from 'vitest';
import { dark, light, type Palette } from '../../dashboards/palette.ts';

function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = channels.map((c) =>
    c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio by the formula of WCAG 2. */
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const themes: readonly (readonly [string, Palette])[] = [
  ['light', light],
  ['dark', dark],
];

describe.each(themes)('the %s palette', (_name, palette) => {
  it.each(['ink', 'muted', 'good', 'bad'] as const)('reads %s as text on card and page', (role) => {
    expect(contrast(palette[role], palette.card)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette[role], palette.page)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['good', 'resurrected', 'neutral', 'bad'] as const)('sees %s as a bar on the card', (role) => {
    expect(contrast(palette[role], palette.card)).toBeGreaterThanOrEqual(3);
  });

  it.each([0, 1, 2, 3, 4, 5] as const)('sees the colour of stage %i on the card', (stage) => {
    expect(contrast(palette.stages[stage], palette.card)).toBeGreaterThanOrEqual(3);
  });

  it.each([0, 1, 2, 3, 4] as const)('reads the ink on step %i of the sequence', (step) => {
    expect(contrast(palette.onSequence[step], palette.sequence[step])).toBeGreaterThanOrEqual(4.5);
  });
});
