// The course of one KPI in thirteen points: gaps stay gaps, an unfinished last period is hollow.
import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { round, type SafeHtml, svg } from '../markup.ts';

export interface SparkPoint {
  readonly value: number | null;
  readonly isComplete: boolean;
  readonly title: string;
}

const width = 200;
const height = 44;
const margin = 5;

interface Placed {
  readonly x: number;
  readonly y: number | null;
  readonly point: SparkPoint;
}

function place(
  points: readonly SparkPoint[],
  target: number | null,
): { placed: Placed[]; targetY: number | null } {
  const values = points.flatMap((point) => (point.value === null ? [] : [point.value]));
  const [low, high] = extent(target === null ? values : [...values, target]);
  const isFlat = low === undefined || high === undefined || low === high;
  const y = scaleLinear()
    .domain(isFlat ? [(low ?? 0) - 1, (low ?? 0) + 1] : [low, high])
    .range([height - margin, margin]);
  const step = points.length > 1 ? (width - 2 * margin) / (points.length - 1) : 0;
  const placed = points.map((point, index) => ({
    x: points.length > 1 ? margin + index * step : width / 2,
    y: point.value === null ? null : y(point.value),
    point,
  }));
  return { placed, targetY: target === null ? null : y(target) };
}

function path(placed: readonly Placed[]): string {
  const draw = line<Placed>()
    .defined((spot) => spot.y !== null)
    .x((spot) => spot.x)
    .y((spot) => spot.y ?? 0)
    .digits(1);
  return draw([...placed]) ?? '';
}

/** A value between two gaps has no line to be seen by, so it gets a dot. */
function isIsolated(placed: readonly Placed[], index: number): boolean {
  return (placed[index - 1]?.y ?? null) === null && (placed[index + 1]?.y ?? null) === null;
}

function dots(placed: readonly Placed[]): readonly SafeHtml[] {
  const lastWithValue = placed.findLastIndex((spot) => spot.y !== null);
  const lastFinished = placed.findLastIndex((spot) => spot.y !== null && spot.point.isComplete);
  return placed.flatMap((spot, index) => {
    if (spot.y === null) return [];
    const isOpen = !spot.point.isComplete;
    const isShown =
      index === lastFinished || (isOpen && index === lastWithValue) || isIsolated(placed, index);
    if (!isShown) return [];
    const kind = isOpen ? 'spark-open' : index === lastFinished ? 'spark-last' : 'spark-dot';
    return [
      svg`<circle class="${kind}" cx="${round(spot.x)}" cy="${round(spot.y)}" r="${kind === 'spark-dot' ? 1.8 : 3.2}"><title>${spot.point.title}</title></circle>`,
    ];
  });
}

export function sparkline(points: readonly SparkPoint[], target: number | null, summary: string): SafeHtml {
  const { placed, targetY } = place(points, target);
  const firstOpen = placed.findIndex((spot) => !spot.point.isComplete);
  const finished = firstOpen < 0 ? placed : placed.slice(0, firstOpen);
  const open = firstOpen < 0 ? [] : placed.slice(Math.max(0, firstOpen - 1));
  return svg`<svg class="spark" role="img" aria-label="${summary}" viewBox="0 0 ${width} ${height}">${
    targetY !== null &&
    svg`<line class="spark-target" x1="0" x2="${width}" y1="${round(targetY)}" y2="${round(targetY)}"/>`
  }<path class="spark-line" d="${path(finished)}"/>${
    open.length > 1 && svg`<path class="spark-line spark-line-open" d="${path(open)}"/>`
  }${dots(placed)}</svg>`;
}
