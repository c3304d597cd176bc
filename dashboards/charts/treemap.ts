// Squarified treemap. A cell says what fits whole; a cell too small for its name gets the number of its key.
import { type HierarchyRectangularNode, hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';
import { round, type SafeHtml, svg } from '../markup.ts';

export interface TreemapItem {
  readonly name: string;
  /** Lines under the name, most wanted first; of each the longest wording that fits. */
  readonly lines: readonly (readonly string[])[];
  readonly value: number;
  readonly step: number;
  readonly title: string;
}

export interface TreemapDrawing {
  readonly picture: SafeHtml;
  /** The items that are known by number only, in the order of their numbers. */
  readonly numbered: readonly TreemapItem[];
}

interface Leaf {
  readonly item: TreemapItem | null;
  readonly children?: readonly Leaf[];
}

type Cell = HierarchyRectangularNode<Leaf>;

const inset = 10;
const nameHeight = 26;
const lineHeight = 17;
// system-ui and its stand-ins differ; these hold at 13.5 px semibold and 12.5 px for the widest of them
const nameGlyph = 8.1;
const lineGlyph = 7.1;

function layOut(items: readonly TreemapItem[], width: number, height: number): readonly Cell[] {
  const children = items.filter((item) => item.value > 0).map((item) => ({ item }));
  const root = hierarchy<Leaf>({ item: null, children }, (leaf) => leaf.children)
    .sum((leaf) => leaf.item?.value ?? 0)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  if (children.length === 0) return [];
  return treemap<Leaf>()
    .tile(treemapSquarify.ratio(1.3))
    .size([width, height])
    .paddingInner(2)(root)
    .leaves();
}

/** The name in one line, or in two at a space; null when neither fits. */
function fitName(name: string, room: number): readonly string[] | null {
  const fits = (text: string): boolean => text.length * nameGlyph <= room;
  if (fits(name)) return [name];
  const words = name.split(' ');
  for (let count = words.length - 1; count > 0; count -= 1) {
    const lines = [words.slice(0, count).join(' '), words.slice(count).join(' ')];
    if (lines.every(fits)) return lines;
  }
  return null;
}

function write(cell: Cell, item: TreemapItem): SafeHtml | null {
  const room = cell.x1 - cell.x0 - 2 * inset;
  const height = cell.y1 - cell.y0;
  const names = fitName(item.name, room);
  if (!names || height < nameHeight + (names.length - 1) * lineHeight) return null;
  const x = round(cell.x0 + inset);
  const first = cell.y0 + 19;
  const below = Math.floor((height - nameHeight - (names.length - 1) * lineHeight) / lineHeight);
  const lines = item.lines
    .flatMap((wordings) => wordings.find((wording) => wording.length * lineGlyph <= room) ?? [])
    .slice(0, Math.max(0, below));
  return svg`${names.map((line, index) => svg`<text class="cell-name" x="${x}" y="${round(first + index * lineHeight)}">${line}</text>`)}${lines.map(
    (line, index) =>
      svg`<text class="cell-line" x="${x}" y="${round(first + (names.length + index) * lineHeight)}">${line}</text>`,
  )}`;
}

function writeNumber(cell: Cell, number: number): SafeHtml | false {
  const text = String(number);
  const isRoomy = cell.x1 - cell.x0 >= text.length * 7 + 5 && cell.y1 - cell.y0 >= 15;
  return (
    isRoomy &&
    svg`<text class="cell-number" x="${round((cell.x0 + cell.x1) / 2)}" y="${round((cell.y0 + cell.y1) / 2 + 4)}" text-anchor="middle">${text}</text>`
  );
}

export function drawTreemap(
  items: readonly TreemapItem[],
  size: { readonly width: number; readonly height: number; readonly className: string },
  summary: string,
): TreemapDrawing {
  const numbered: TreemapItem[] = [];
  const cells = layOut(items, size.width, size.height).map((cell) => {
    const item = cell.data.item;
    if (!item) return null;
    const text = write(cell, item);
    if (!text) numbered.push(item);
    const box = svg`x="${round(cell.x0)}" y="${round(cell.y0)}" width="${round(cell.x1 - cell.x0)}" height="${round(cell.y1 - cell.y0)}"`;
    return svg`<g class="on${item.step}"><title>${item.title}</title><rect class="s${item.step}" ${box}/>${text ?? writeNumber(cell, numbered.length)}</g>`;
  });
  const frame =
    cells.length === 0 &&
    svg`<rect class="frame" x="0.5" y="0.5" width="${size.width - 1}" height="${size.height - 1}"/>`;
  const picture = svg`<svg class="chart treemap ${size.className}" role="img" aria-label="${summary}" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}">${frame}${cells}</svg>`;
  return { picture, numbered };
}
