// Stacked bars: who bought above zero, who stopped below. An unfinished period is hollow and hatched.
import { max } from 'd3-array';
import { type ScaleBand, type ScaleLinear, scaleBand, scaleLinear } from 'd3-scale';
import { round, type SafeHtml, svg } from '../markup.ts';

export interface LifecycleBar {
  readonly key: string;
  /** First line under the axis, and the second where it changes (a year). */
  readonly tick: string;
  readonly era: string;
  readonly isComplete: boolean;
  readonly title: string;
  /** From zero upwards, in this order. */
  readonly above: readonly { readonly kind: LifecycleKind; readonly value: number }[];
  readonly below: { readonly kind: LifecycleKind; readonly value: number };
}

export type LifecycleKind = 'new' | 'resurrected' | 'returning' | 'dormant';

export interface LifecycleChart {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly summary: string;
  readonly partialLabel: string;
  readonly formatTick: (value: number) => string;
  /** Room that one tick label needs, in pixels. */
  readonly tickRoom: number;
  readonly className: string;
}

interface Scales {
  readonly x: ScaleBand<string>;
  readonly y: ScaleLinear<number, number>;
  readonly left: number;
}

const top = 20;
const bottom = 36;
const right = 4;
const glyphWidth = 7.8;
const eraRoom = 40;
const headroom = 1.06;

function scales(bars: readonly LifecycleBar[], chart: LifecycleChart): Scales {
  const highest = max(bars, totalAbove) ?? 0;
  const lowest = max(bars, (bar) => bar.below.value) ?? 0;
  const y = scaleLinear()
    .domain(highest + lowest === 0 ? [0, 1] : [-lowest * headroom, highest * headroom])
    .range([chart.height - bottom, top]);
  const widest = max(y.ticks(5), (tick) => chart.formatTick(Math.abs(tick)).length) ?? 1;
  const left = widest * glyphWidth + 10;
  const x = scaleBand()
    .domain(bars.map((bar) => bar.key))
    .range([left, chart.width - right])
    .paddingInner(0.28)
    .paddingOuter(0.14);
  return { x, y, left };
}

function axis(bars: readonly LifecycleBar[], chart: LifecycleChart, { x, y, left }: Scales): SafeHtml[] {
  const ticks = y.ticks(5).filter(Number.isInteger);
  const lines = ticks.map((tick) => {
    const at = round(y(tick));
    return svg`<line class="${tick === 0 ? 'zero' : 'gridline'}" x1="${left}" x2="${chart.width}" y1="${at}" y2="${at}"/><text class="tick" x="${left - 8}" y="${round(at + 4)}" text-anchor="end">${chart.formatTick(Math.abs(tick))}</text>`;
  });
  const every = Math.max(1, Math.ceil(chart.tickRoom / Math.max(1, x.step())));
  // counted from the newest, so that the period that is read most is always named
  const named = bars.filter((_, index) => (bars.length - 1 - index) % every === 0);
  const centre = (bar: LifecycleBar): number => (x(bar.key) ?? 0) + x.bandwidth() / 2;
  const eras = named.filter((bar, index) => bar.era !== '' && bar.era !== named[index - 1]?.era);
  const labels = named.map((bar) => {
    const at = round(centre(bar));
    const next = eras[eras.indexOf(bar) + 1];
    const hasRoom = next === undefined || centre(next) - centre(bar) >= eraRoom;
    return svg`<text class="tick" x="${at}" y="${chart.height - bottom + 16}" text-anchor="middle">${bar.tick}</text>${
      eras.includes(bar) &&
      hasRoom &&
      svg`<text class="tick era" x="${at}" y="${chart.height - bottom + 31}" text-anchor="middle">${bar.era}</text>`
    }`;
  });
  return [...lines, ...labels];
}

function columnOf(bar: LifecycleBar, chart: LifecycleChart, { x, y }: Scales): SafeHtml {
  const at = round(x(bar.key) ?? 0);
  const width = round(x.bandwidth());
  const state = bar.isComplete ? '' : ' open';
  const part = (kind: LifecycleKind, from: number, to: number): SafeHtml | null => {
    const upper = round(y(Math.max(from, to)));
    const size = round(y(Math.min(from, to)) - y(Math.max(from, to)));
    if (size <= 0) return null;
    const box = svg`x="${at}" y="${upper}" width="${width}" height="${size}"`;
    return svg`<rect class="seg f-${kind}${state}" ${box}/>${
      !bar.isComplete && svg`<rect fill="url(#${chart.id}-hatch)" ${box}/>`
    }`;
  };
  const starts = bar.above.map((_, index) =>
    bar.above.slice(0, index).reduce((sum, { value }) => sum + value, 0),
  );
  const above = bar.above.map(({ kind, value }, index) => {
    const start = starts[index] ?? 0;
    return part(kind, start, start + value);
  });
  return svg`<g><title>${bar.title}</title>${above}${part(bar.below.kind, 0, -bar.below.value)}</g>`;
}

function totalAbove(bar: LifecycleBar): number {
  return bar.above.reduce((sum, { value }) => sum + value, 0);
}

/** Over the unfinished bars, right-aligned, and above every finished bar that the word reaches over. */
function partialLabel(
  bars: readonly LifecycleBar[],
  chart: LifecycleChart,
  { x, y }: Scales,
): SafeHtml | null {
  const last = bars.findLast((bar) => !bar.isComplete);
  if (!last) return null;
  const end = (x(last.key) ?? 0) + x.bandwidth();
  const start = end - chart.partialLabel.length * glyphWidth;
  const reached = bars.filter((bar) => (x(bar.key) ?? 0) + x.bandwidth() > start && bar.key <= last.key);
  const highest = max(reached, totalAbove) ?? 0;
  return svg`<text class="tick partial-label" x="${round(end)}" y="${round(y(highest) - 6)}" text-anchor="end">${chart.partialLabel}</text>`;
}

export function lifecycleBars(bars: readonly LifecycleBar[], chart: LifecycleChart): SafeHtml {
  const measured = scales(bars, chart);
  const hatch = svg`<defs><pattern id="${chart.id}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-line" width="2" height="5"/></pattern></defs>`;
  return svg`<svg class="chart ${chart.className}" role="img" aria-label="${chart.summary}" viewBox="0 0 ${chart.width} ${chart.height}" width="${chart.width}" height="${chart.height}">${
    bars.some((bar) => !bar.isComplete) && hatch
  }${axis(bars, chart, measured)}${bars.map((bar) => columnOf(bar, chart, measured))}${partialLabel(bars, chart, measured)}</svg>`;
}
