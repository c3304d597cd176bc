// Two columns of stages and ribbons between them: who was where before, and where afterwards. It cannot cycle.
import { sum } from 'd3-array';
import { round, type SafeHtml, svg } from '../markup.ts';
import { type StagePaint, stageRect } from '../stages.ts';
import { drawLabel, type PlacedLabel, placeLabels } from './labels.ts';

export interface RibbonNode {
  readonly id: string;
  readonly name: string;
  readonly number: number;
  readonly value: string;
  readonly paint: StagePaint;
}

export interface Ribbon {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly count: number;
  readonly title: string;
}

export interface RibbonChart {
  readonly width: number;
  readonly height: number;
  readonly labelRoom: number;
  readonly className: string;
  readonly summary: string;
  readonly heads: readonly [string, string];
}

interface PlacedNode {
  readonly node: RibbonNode;
  readonly y: number;
  readonly size: number;
}

interface PlacedRibbon {
  readonly ribbon: Ribbon;
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

const top = 30;
const nodeWidth = 10;
const nodeGap = 9;
const leaderLength = 8;
const thinnest = 1;

type End = 'from' | 'to';

/** Pixels for one customer, so that the fuller column fills the height. */
function scaleOf(columns: readonly (readonly RibbonNode[])[], total: number, height: number): number {
  const gaps = Math.max(...columns.map((nodes) => nodes.length - 1), 0) * nodeGap;
  return total === 0 ? 0 : Math.max(0, height - gaps) / total;
}

function placeNodes(
  nodes: readonly RibbonNode[],
  ribbons: readonly Ribbon[],
  end: End,
  scale: number,
): readonly PlacedNode[] {
  let y = top;
  return nodes.map((node) => {
    const size = sum(ribbons, (ribbon) => (ribbon[end] === node.id ? ribbon.count : 0)) * scale;
    const placed = { node, y, size };
    y += size + nodeGap;
    return placed;
  });
}

/** Where each ribbon touches its node: in the order of the nodes at the other end. */
function touches(
  nodes: readonly PlacedNode[],
  others: readonly PlacedNode[],
  ribbons: readonly Ribbon[],
  end: End,
  scale: number,
): ReadonlyMap<Ribbon, number> {
  const other: End = end === 'from' ? 'to' : 'from';
  const order = new Map(others.map(({ node }, index) => [node.id, index]));
  const starts = new Map<Ribbon, number>();
  for (const { node, y } of nodes) {
    let at = y;
    const mine = ribbons
      .filter((ribbon) => ribbon[end] === node.id)
      .toSorted((a, b) => (order.get(a[other]) ?? 0) - (order.get(b[other]) ?? 0));
    for (const ribbon of mine) {
      starts.set(ribbon, at);
      at += ribbon.count * scale;
    }
  }
  return starts;
}

function drawRibbon({ ribbon, start, end, size }: PlacedRibbon, left: number, right: number): SafeHtml {
  const middle = round((left + right) / 2);
  const thick = Math.max(thinnest, size);
  const [a, b, c, d] = [start, end, end + thick, start + thick].map(round);
  return svg`<path class="ribbon move-${ribbon.kind}" d="M${left} ${a}C${middle} ${a} ${middle} ${b} ${right} ${b}L${right} ${c}C${middle} ${c} ${middle} ${d} ${left} ${d}Z"><title>${ribbon.title}</title></path>`;
}

function drawNode({ node, y, size }: PlacedNode, x: number): SafeHtml {
  return svg`<g><title>${node.name} ${node.value}</title>${stageRect(node.paint, svg`x="${x}" y="${round(y)}" width="${nodeWidth}" height="${round(Math.max(thinnest, size))}"`)}</g>`;
}

function placeSide(nodes: readonly PlacedNode[], chart: RibbonChart): readonly PlacedLabel[] {
  const labels = nodes.map(({ node, y, size }) => ({
    at: y + size / 2,
    name: node.name,
    value: node.value,
    number: node.number,
  }));
  return placeLabels(labels, chart.labelRoom - leaderLength - 6, top - 8, chart.height);
}

export function ribbonChart(
  before: readonly RibbonNode[],
  after: readonly RibbonNode[],
  ribbons: readonly Ribbon[],
  chart: RibbonChart,
): { readonly picture: SafeHtml; readonly labels: readonly PlacedLabel[] } {
  const scale = scaleOf(
    [before, after],
    sum(ribbons, ({ count }) => count),
    chart.height - top - 4,
  );
  const lefts = placeNodes(before, ribbons, 'from', scale);
  const rights = placeNodes(after, ribbons, 'to', scale);
  const starts = touches(lefts, rights, ribbons, 'from', scale);
  const ends = touches(rights, lefts, ribbons, 'to', scale);
  const [x, farX] = [chart.labelRoom, chart.width - chart.labelRoom - nodeWidth];
  const placed = ribbons.map((ribbon) => ({
    ribbon,
    start: starts.get(ribbon) ?? top,
    end: ends.get(ribbon) ?? top,
    size: ribbon.count * scale,
  }));
  // who stayed lies under who moved
  const drawn = placed
    .toSorted(
      (a, b) => Number(a.ribbon.kind !== 'stay') - Number(b.ribbon.kind !== 'stay') || b.size - a.size,
    )
    .map((one) => drawRibbon(one, x + nodeWidth, farX));
  const [leftLabels, rightLabels] = [placeSide(lefts, chart), placeSide(rights, chart)];
  const picture = svg`<svg class="chart ${chart.className}" role="img" aria-label="${chart.summary}" viewBox="0 0 ${chart.width} ${chart.height}" width="${chart.width}" height="${chart.height}"><text class="tick" x="${x + nodeWidth}" y="12" text-anchor="end">${chart.heads[0]}</text><text class="tick" x="${farX}" y="12">${chart.heads[1]}</text>${drawn}${lefts.map((node) => drawNode(node, x))}${rights.map((node) => drawNode(node, farX))}${leftLabels.map((label) => drawLabel(label, x, 'left', leaderLength))}${rightLabels.map((label) => drawLabel(label, farX + nodeWidth, 'right', leaderLength))}</svg>`;
  return { picture, labels: [...leftLabels, ...rightLabels] };
}
