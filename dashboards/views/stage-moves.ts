// The moves of one month as the flow card needs them: nodes at both ends, ribbons, and what each kind adds up to.
import type { View } from '../../functions/core/snapshot.ts';
import { moveKinds } from '../../functions/core/views/stage-flow.ts';
import { byRank, type LifecyclePlace, readStage, type Stage } from '../stages.ts';
import { readRows, ViewShapeError } from '../view-reader.ts';

export const outsideId = 'outside';
/** Smaller moves than this share of all are drawn together. */
export const smallestShare = 0.002;

export type MoveKind = (typeof moveKinds)[number];

export interface Move {
  readonly from: Stage;
  readonly to: Stage;
  readonly kind: MoveKind;
  /** Null where it is hidden. */
  readonly count: number | null;
  readonly countFrom: number | null;
  readonly countTo: number | null;
}

export interface Flow {
  readonly month: string | null;
  readonly moves: readonly Move[];
  /** Who had not entered yet first, then in stage order, lapsed last. */
  readonly before: readonly Stage[];
  readonly after: readonly Stage[];
}

function isMoveKind(text: string): text is MoveKind {
  return (moveKinds as readonly string[]).includes(text);
}

/** Whoever was outside has no rank; it stands first, with the number that no stage has. */
function outsideStage(tr: string, en: string): Stage {
  return { id: outsideId, rank: -1, label: { tr, en }, paint: { className: 'st-lapsed', isExtra: true } };
}

function distinct(stages: readonly Stage[]): readonly Stage[] {
  return [...new Map(stages.map((stage) => [stage.id, stage])).values()].sort(byRank);
}

export function readFlow(view: View, { paints }: LifecyclePlace): Flow {
  const rows = readRows(view);
  const moves = rows.flatMap((row): Move[] => {
    const to = readStage(row, paints, 'to_');
    const from =
      readStage(row, paints, 'from_') ?? outsideStage(row.label('from_label_tr'), row.label('from_label_en'));
    const kind = row.label('move');
    if (!isMoveKind(kind)) throw new ViewShapeError(`view "${view.id}": "${kind}" is no kind of move`);
    if (!to) return [];
    return [
      {
        from,
        to,
        kind,
        count: row.number('count_customers'),
        countFrom: row.number('count_from'),
        countTo: row.number('count_to'),
      },
    ];
  });
  return {
    month: rows[0]?.text('period_start') ?? null,
    moves,
    before: distinct(moves.map(({ from }) => from)),
    after: distinct(moves.map(({ to }) => to)),
  };
}

export interface KindTotal {
  readonly kind: MoveKind;
  readonly count: number;
  /** True where some of the kind is hidden: the count is then the least that it can be. */
  readonly isLeast: boolean;
}

export function kindTotals({ moves }: Flow): readonly KindTotal[] {
  return moveKinds.flatMap((kind) => {
    const mine = moves.filter((move) => move.kind === kind);
    const count = mine.reduce((sum, move) => sum + (move.count ?? 0), 0);
    return mine.length === 0 ? [] : [{ kind, count, isLeast: mine.some((move) => move.count === null) }];
  });
}

export function totalOf({ moves, before }: Flow): number {
  return before.reduce((sum, { id }) => {
    const mine = moves.filter(({ from }) => from.id === id);
    return sum + (mine[0]?.countFrom ?? mine.reduce((part, { count }) => part + (count ?? 0), 0));
  }, 0);
}

export interface DrawnMoves {
  readonly drawn: readonly (Move & { readonly count: number })[];
  /** By the stage before: what is too small or hidden. */
  readonly others: ReadonlyMap<string, number>;
}

/** Large moves as they are; the rest of each stage joined. */
export function splitSmall(flow: Flow): DrawnMoves {
  const least = totalOf(flow) * smallestShare;
  const drawn = flow.moves.flatMap((move) => {
    const { count } = move;
    return count !== null && count > 0 && count >= least ? [{ ...move, count }] : [];
  });
  const others = new Map(
    flow.before.flatMap(({ id }): [string, number][] => {
      const mine = flow.moves.filter(({ from }) => from.id === id);
      const known = mine[0]?.countFrom ?? mine.reduce((sum, { count }) => sum + (count ?? 0), 0);
      const rest =
        known - drawn.filter(({ from }) => from.id === id).reduce((sum, { count }) => sum + count, 0);
      return rest > 0 ? [[id, rest]] : [];
    }),
  );
  return { drawn, others };
}
