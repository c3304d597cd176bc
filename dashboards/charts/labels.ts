// Labels beside a chart: broken into lines that fit, and moved apart where they would clash.
import { sum } from 'd3-array';
import { round, type SafeHtml, svg } from '../markup.ts';

/** The widest stand-in of system-ui at 12.5 px. */
const glyph = 7.8;
const lineHeight = 15;
/** Between two labels, so that lines of one stand closer than those of its neighbour. */
const labelGap = 4;

const heightOf = ({ lines }: { readonly lines: readonly string[] }): number =>
  lines.length * lineHeight + (lines.length > 1 ? labelGap : 0);

export interface SideLabel {
  /** Where it belongs: the middle of what it names. */
  readonly at: number;
  readonly name: string;
  readonly value: string;
  /** Stands for the name where the name does not fit. */
  readonly number: number;
  /** False where there is nothing to lead to. */
  readonly hasLeader?: boolean;
}

export interface PlacedLabel {
  readonly label: SideLabel;
  readonly lines: readonly string[];
  /** The middle of the lines. */
  readonly y: number;
  readonly isNumbered: boolean;
}

/** Greedy lines of whole words, or null when a word or the text does not fit. */
export function breakLines(text: string, room: number, maxLines: number): readonly string[] | null {
  const length = Math.floor(room / glyph);
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (word.length > length) return null;
    if (last !== undefined && last.length + 1 + word.length <= length) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.length <= maxLines ? lines : null;
}

function textOf(label: SideLabel): string {
  return label.value === '' ? label.name : `${label.name} ${label.value.replaceAll(' ', '\u00a0')}`;
}

function write(label: SideLabel, room: number, maxLines: number): Omit<PlacedLabel, 'y'> {
  const lines = breakLines(textOf(label), room, maxLines);
  return lines
    ? { label, lines, isNumbered: false }
    : { label, lines: [`${label.number}${label.value === '' ? '' : ` · ${label.value}`}`], isNumbered: true };
}

/** Moves boxes apart downwards, then back up from the lower end. */
function spread(
  written: readonly Omit<PlacedLabel, 'y'>[],
  top: number,
  bottom: number,
): readonly PlacedLabel[] {
  const heights = written.map(heightOf);
  const starts: number[] = [];
  let free = top;
  for (const [index, { label }] of written.entries()) {
    const start = Math.max(free, label.at - (heights[index] ?? 0) / 2);
    starts.push(start);
    free = start + (heights[index] ?? 0);
  }
  let limit = bottom;
  for (let index = written.length - 1; index >= 0; index -= 1) {
    const start = Math.min(starts[index] ?? 0, limit - (heights[index] ?? 0));
    starts[index] = start;
    limit = start;
  }
  return written.map((one, index) => ({ ...one, y: (starts[index] ?? 0) + (heights[index] ?? 0) / 2 }));
}

/**
 * Places labels, given from top to bottom, between two heights. Names take up to four lines while all fit; then
 * fewer, and a name that does not fit gives way to its number.
 */
export function placeLabels(
  labels: readonly SideLabel[],
  room: number,
  top: number,
  bottom: number,
): readonly PlacedLabel[] {
  const sorted = labels.toSorted((a, b) => a.at - b.at);
  const tries = [4, 3, 2, 1].map((maxLines) => sorted.map((label) => write(label, room, maxLines)));
  const fitting = tries.find((written) => sum(written, heightOf) <= bottom - top) ?? tries.at(-1) ?? [];
  return spread(fitting, top, bottom);
}

/** The lines, and a leader from what they name when they had to move. */
export function drawLabel(
  placed: PlacedLabel,
  edge: number,
  side: 'left' | 'right',
  leaderLength: number,
): SafeHtml {
  const direction = side === 'right' ? 1 : -1;
  const x = edge + direction * (leaderLength + 4);
  const first = placed.y - ((placed.lines.length - 1) * lineHeight) / 2 + 4;
  const isMoved = placed.label.hasLeader !== false && Math.abs(placed.y - placed.label.at) > 3;
  const { value } = placed.label;
  const spans = placed.lines.map((line, index) => {
    const kept = value.replaceAll(' ', '\u00a0');
    const isLast = index === placed.lines.length - 1 && kept !== '' && line.endsWith(kept);
    const head = isLast ? line.slice(0, line.length - kept.length) : line;
    return svg`<tspan x="${round(x)}" y="${round(first + index * lineHeight)}">${head}${isLast && svg`<tspan class="strong">${kept}</tspan>`}</tspan>`;
  });
  return svg`${
    isMoved &&
    svg`<path class="leader" d="M${round(edge + direction * 1)} ${round(placed.label.at)}L${round(edge + direction * leaderLength)} ${round(placed.y)}"/>`
  }<text class="side-label" text-anchor="${side === 'right' ? 'start' : 'end'}">${spans}</text>`;
}

/** What the numbers in a picture stand for. */
export function numberKey(
  placed: readonly PlacedLabel[],
  className: string,
): readonly { readonly number: number; readonly name: string; readonly className: string }[] {
  const seen = new Map(
    placed.filter(({ isNumbered }) => isNumbered).map(({ label }) => [label.number, label.name]),
  );
  return [...seen].sort(([a], [b]) => a - b).map(([number, name]) => ({ number, name, className }));
}
