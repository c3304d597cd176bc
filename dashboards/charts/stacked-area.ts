// Areas stacked in stage order, the first stage on top as in the lists; what has no stage any more has a strip of
// its own below, on its own scale. The part after the last month end is hatched.
import { max } from 'd3-array';
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { area } from 'd3-shape';
import { round, type SafeHtml, svg } from '../markup.ts';
import { hatchId, type StagePaint } from '../stages.ts';
import { drawLabel, type PlacedLabel, placeLabels } from './labels.ts';

export interface AreaPoint {
  /** Days since some day. */
  readonly day: number;
  readonly tick: string;
  readonly era: string;
  readonly isMonthEnd: boolean;
  readonly title: string;
}

export interface AreaBand {
  readonly name: string;
  readonly number: number;
  readonly paint: StagePaint;
  /** One for each point; a hidden value has no height here. */
  readonly values: readonly number[];
  readonly lastText: string;
}

export interface AreaMark {
  readonly day: number;
  readonly number: number;
  readonly title: string;
}

export interface AreaChart {
  readonly width: number;
  readonly height: number;
  readonly labelRoom: number;
  readonly className: string;
  readonly summary: string;
  readonly partialLabel: string;
  readonly formatTick: (value: number, largest: number) => string;
}

export interface AreaContent {
  readonly points: readonly AreaPoint[];
  /** From top to bottom. */
  readonly bands: readonly AreaBand[];
  /** Below, apart. */
  readonly apart: (AreaBand & { readonly title: string }) | null;
  readonly marks: readonly AreaMark[];
}

export interface AreaDrawing {
  readonly picture: SafeHtml;
  readonly labels: readonly PlacedLabel[];
}

interface Frame {
  readonly x: ScaleLinear<number, number>;
  readonly left: number;
  readonly right: number;
  readonly mainBottom: number;
  readonly apartTop: number;
  readonly bottom: number;
}

const top = 22;
const axisHeight = 38;
const apartHeight = 44;
const apartGap = 30;
const tickGlyph = 7.4;
const tickRoom = 34;
const eraRoom = 40;
const leaderLength = 10;

const lastOf = (values: readonly number[]): number => values.at(-1) ?? 0;

/** The sum of a point's bands. */
function heightsOf({ points, bands }: AreaContent): readonly number[] {
  return points.map((_, index) => bands.reduce((sum, band) => sum + (band.values[index] ?? 0), 0));
}

function scaleTo(highest: number, from: number, to: number): ScaleLinear<number, number> {
  return scaleLinear()
    .domain([0, highest === 0 ? 1 : highest])
    .range([from, to]);
}

function frameOf(content: AreaContent, chart: AreaChart, widest: number): Frame {
  const left = Math.round(widest * tickGlyph + 10);
  const right = chart.width - chart.labelRoom;
  const bottom = chart.height - axisHeight;
  const apartTop = bottom - (content.apart ? apartHeight : 0);
  const mainBottom = content.apart ? apartTop - apartGap : bottom;
  const days = content.points.map(({ day }) => day);
  const [first = 0] = days;
  const x = scaleLinear()
    .domain([first, days.length > 1 ? lastOf(days) : first + 1])
    .range([left, right]);
  return { x, left, right, mainBottom, apartTop, bottom };
}

/** A history of one point is drawn as a band over the whole width. */
function stretch<T>(values: readonly T[]): readonly T[] {
  return values.length === 1 ? [...values, ...values] : values;
}

function xs({ points }: AreaContent, { x, left, right }: Frame): readonly number[] {
  return points.length === 1 ? [left, right] : points.map(({ day }) => x(day));
}

function shape(
  lower: readonly number[],
  upper: readonly number[],
  at: readonly number[],
  y: ScaleLinear<number, number>,
): string {
  const indexes = at.map((_, index) => index);
  const draw = area<number>()
    .x((index) => at[index] ?? 0)
    .y0((index) => y(lower[index] ?? 0))
    .y1((index) => y(upper[index] ?? 0))
    .digits(1);
  return draw(indexes) ?? '';
}

function drawBand(band: AreaBand, path: string): SafeHtml {
  const { className, isExtra } = band.paint;
  return svg`<path class="area ${className}${isExtra && ' extra'}" d="${path}"><title>${band.name} ${band.lastText}</title></path>${
    isExtra && svg`<path fill="url(#${hatchId})" d="${path}"/>`
  }`;
}

function drawBands(content: AreaContent, frame: Frame, y: ScaleLinear<number, number>): SafeHtml[] {
  const at = xs(content, frame);
  let lower: readonly number[] = at.map(() => 0);
  const drawn: SafeHtml[] = [];
  for (const band of content.bands.toReversed()) {
    const values = stretch(band.values);
    const floor = lower;
    const upper = floor.map((value, index) => value + (values[index] ?? 0));
    drawn.push(drawBand(band, shape(floor, upper, at, y)));
    lower = upper;
  }
  return drawn;
}

function gridOf(y: ScaleLinear<number, number>, chart: AreaChart, frame: Frame, count: number): SafeHtml[] {
  const [, highest = 0] = y.domain();
  return y
    .ticks(count)
    .filter(Number.isInteger)
    .map((tick) => {
      const at = round(y(tick));
      return svg`<line class="${tick === 0 ? 'zero' : 'gridline'}" x1="${frame.left}" x2="${frame.right}" y1="${at}" y2="${at}"/><text class="tick" x="${frame.left - 8}" y="${round(at + 4)}" text-anchor="end">${chart.formatTick(tick, highest)}</text>`;
    });
}

function timeAxis({ points }: AreaContent, { x, left, right, bottom }: Frame): SafeHtml[] {
  const step = points.length > 1 ? (right - left) / (points.length - 1) : right - left;
  const every = Math.max(1, Math.ceil(tickRoom / step));
  // counted from the newest month end; the as-of day is in the middle of a month that has no end yet
  const ends = points.filter(({ isMonthEnd }) => isMonthEnd);
  const named = (ends.length > 0 ? ends : points).filter(
    (_, index, all) => (all.length - 1 - index) % every === 0,
  );
  const eras = named.filter((point, index) => point.era !== named[index - 1]?.era);
  return named.map((point) => {
    const at = points.length > 1 ? round(x(point.day)) : round((left + right) / 2);
    const next = eras[eras.indexOf(point) + 1];
    const hasEra = eras.includes(point) && (next === undefined || x(next.day) - x(point.day) >= eraRoom);
    return svg`<text class="tick" x="${at}" y="${bottom + 17}" text-anchor="middle">${point.tick}</text>${
      hasEra &&
      svg`<text class="tick era" x="${at}" y="${bottom + 32}" text-anchor="middle">${point.era}</text>`
    }`;
  });
}

/** The hatch over what came after the last month end, and its word. */
function partialPart(content: AreaContent, chart: AreaChart, frame: Frame): SafeHtml | null {
  const last = content.points.at(-1);
  if (!last || last.isMonthEnd) return null;
  const before = content.points.at(-2);
  const start = before ? frame.x(before.day) : frame.left;
  const box = (from: number, to: number): SafeHtml =>
    svg`x="${round(start)}" y="${round(from)}" width="${round(frame.right - start)}" height="${round(to - from)}"`;
  return svg`<rect fill="url(#${hatchId})" ${box(top, frame.mainBottom)}/>${
    content.apart && svg`<rect fill="url(#${hatchId})" ${box(frame.apartTop, frame.bottom)}/>`
  }<line class="partial-edge" x1="${round(start)}" x2="${round(start)}" y1="${top - 6}" y2="${round(frame.bottom)}"/><text class="tick partial-label" x="${frame.right}" y="${top - 8}" text-anchor="end">${chart.partialLabel}</text>`;
}

function marksOf({ marks }: AreaContent, { x, bottom }: Frame): SafeHtml[] {
  return marks.map((mark) => {
    const at = round(x(mark.day));
    return svg`<g><title>${mark.title}</title><line class="mark-tick" x1="${at}" x2="${at}" y1="${top}" y2="${bottom + 4}"/><text class="tick mark-number" x="${at}" y="${top - 4}" text-anchor="middle">${mark.number}</text></g>`;
  });
}

/** Where each band's middle lies at the last point, from the top. */
function labelsOf(content: AreaContent, y: ScaleLinear<number, number>, total: number) {
  let upper = total;
  return content.bands.flatMap((band) => {
    const value = lastOf(band.values);
    const at = y(upper - value / 2);
    upper -= value;
    // a band without a text of its last value is of earlier days only
    if (band.lastText === '') return [];
    return [{ at, name: band.name, value: band.lastText, number: band.number, hasLeader: value > 0 }];
  });
}

function drawApart(content: AreaContent, chart: AreaChart, frame: Frame): SafeHtml | null {
  const { apart } = content;
  if (!apart) return null;
  const y = scaleTo(max(apart.values) ?? 0, frame.bottom, frame.apartTop);
  const at = xs(content, frame);
  const path = shape(
    at.map(() => 0),
    stretch(apart.values),
    at,
    y,
  );
  const [, highest = 0] = y.domain();
  const grid = [0, Math.round(highest)].map((tick) => {
    const height = round(y(tick));
    return svg`<line class="${tick === 0 ? 'zero' : 'gridline'}" x1="${frame.left}" x2="${frame.right}" y1="${height}" y2="${height}"/><text class="tick" x="${frame.left - 8}" y="${round(height + 4)}" text-anchor="end">${chart.formatTick(tick, highest)}</text>`;
  });
  const label = { at: y(lastOf(apart.values) / 2), name: apart.name, value: apart.lastText, number: 0 };
  const placed = placeLabels(
    [label],
    chart.labelRoom - leaderLength - 6,
    frame.apartTop - 8,
    frame.bottom + 8,
  );
  return svg`<text class="tick" x="${frame.left}" y="${frame.apartTop - 8}">${apart.title}</text>${grid}${drawBand(apart, path)}${placed.map((one) => drawLabel(one, frame.right, 'right', leaderLength))}`;
}

export function stackedArea(content: AreaContent, chart: AreaChart): AreaDrawing {
  const heights = heightsOf(content);
  const highest = max(heights) ?? 0;
  const apartHighest = content.apart ? (max(content.apart.values) ?? 0) : 0;
  const texts = [
    ...scaleTo(highest, 1, 0)
      .ticks(5)
      .map((tick) => chart.formatTick(tick, highest)),
    chart.formatTick(Math.round(apartHighest), apartHighest),
  ];
  const frame = frameOf(content, chart, max(texts, (text) => text.length) ?? 1);
  const y = scaleTo(highest, frame.mainBottom, top);
  const labels = placeLabels(
    labelsOf(content, y, lastOf(heights)),
    chart.labelRoom - leaderLength - 6,
    top - 10,
    frame.mainBottom + 8,
  );
  const picture = svg`<svg class="chart ${chart.className}" role="img" aria-label="${chart.summary}" viewBox="0 0 ${chart.width} ${chart.height}" width="${chart.width}" height="${chart.height}">${gridOf(y, chart, frame, 5)}${drawBands(content, frame, y)}${drawApart(content, chart, frame)}${partialPart(content, chart, frame)}${marksOf(content, frame)}${timeAxis(content, frame)}${labels.map((label) => drawLabel(label, frame.right, 'right', leaderLength))}</svg>`;
  return { picture, labels };
}
