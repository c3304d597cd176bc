// Who moved from where to where in the last complete month, with skips, moves back and lapses.
import { formatMonth } from '../../functions/core/format/date-format.ts';
import type { View } from '../../functions/core/snapshot.ts';
import { numberKey } from '../charts/labels.ts';
import { type Ribbon, type RibbonNode, ribbonChart } from '../charts/ribbons.ts';
import { html, type SafeHtml } from '../markup.ts';
import { countText, inLanguage, noValueSign, type PageContext, ratioText } from '../page-context.ts';
import { type LifecyclePlace, type Stage, stageName, titleIn } from '../stages.ts';
import { card, scrollRegion } from './card.ts';
import { keyList } from './stage-history.ts';
import {
  type Flow,
  type KindTotal,
  kindTotals,
  type Move,
  outsideId,
  readFlow,
  smallestShare,
  splitSmall,
  totalOf,
} from './stage-moves.ts';

const otherId = 'other-moves';
const movesListed = 5;

function nameOf(stage: Stage, context: PageContext): string {
  return stage.id === outsideId && stage.rank < 0 ? context.text.stages.outside : stageName(stage, context);
}

function countOrHidden(value: number | null, context: PageContext): string {
  return value === null ? context.text.stages.hidden : countText(value, context);
}

/** Of those who were in the stage when the month began. */
function shareOf(move: Move, context: PageContext): string {
  return move.count === null || !move.countFrom
    ? noValueSign
    : ratioText(move.count / move.countFrom, context);
}

function monthBefore(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 10);
}

function kindCount({ count, isLeast }: KindTotal, context: PageContext): string {
  if (isLeast && count === 0) return context.text.stages.hidden;
  return isLeast ? context.text.stages.atLeast(countText(count, context)) : countText(count, context);
}

function moveSwatch(kind: string): SafeHtml {
  return html`<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true"><rect class="move-${kind}" width="12" height="12" rx="2"/></svg>`;
}

function legend(flow: Flow, context: PageContext): SafeHtml {
  const total = totalOf(flow);
  const { moves } = context.text.stages;
  return html`<ul class="legend">${kindTotals(flow).map(
    (one) =>
      html`<li>${moveSwatch(one.kind)}${moves[one.kind]} <b>${kindCount(one, context)}</b> ${
        !one.isLeast && total > 0 && ratioText(one.count / total, context)
      }</li>`,
  )}</ul>`;
}

function moveTitle(move: Move & { readonly count: number }, context: PageContext): string {
  const { stages: text } = context.text;
  return text.moveTitle(
    nameOf(move.from, context),
    nameOf(move.to, context),
    countText(move.count, context),
    text.moves[move.kind],
    shareOf(move, context),
  );
}

function nodesOf(
  stages: readonly Stage[],
  countOf: (stage: Stage) => number | null,
  context: PageContext,
): readonly RibbonNode[] {
  return stages.map((stage) => ({
    id: stage.id,
    name: nameOf(stage, context),
    number: Math.max(0, stage.rank),
    value: countOrHidden(countOf(stage), context),
    paint: stage.paint,
  }));
}

function ribbonsOf(flow: Flow, context: PageContext): readonly Ribbon[] {
  const { stages: text } = context.text;
  const { drawn, others } = splitSmall(flow);
  const joined = [...others].map(([from, count]) => {
    const stage = flow.before.find(({ id }) => id === from);
    const name = stage ? nameOf(stage, context) : from;
    return {
      from,
      to: otherId,
      kind: 'other',
      count,
      title: `${name} → ${text.otherMoves}: ${countText(count, context)}`,
    };
  });
  return [
    ...drawn.map((move) => ({
      from: move.from.id,
      to: move.to.id,
      kind: move.kind,
      count: move.count,
      title: moveTitle(move, context),
    })),
    ...joined,
  ];
}

/** The heights hold so many stages with their labels; each further one adds some. */
const stagesInHeight = 7;
const roomOfStage = 22;

const sizes = [
  { width: 640, height: 400, labelRoom: 168, className: 'not-narrow chart-side' },
  { width: 300, height: 440, labelRoom: 100, className: 'narrow-only chart-narrow' },
];

function charts(view: View, flow: Flow, month: string, context: PageContext): SafeHtml {
  const { text, language } = context;
  const ribbons = ribbonsOf(flow, context);
  if (ribbons.length === 0) return html`<div class="card-blank"></div>`;
  const otherSum = ribbons.reduce((sum, { to, count }) => sum + (to === otherId ? count : 0), 0);
  const countOf = (end: 'from' | 'to') => (stage: Stage) => {
    const move = flow.moves.find((one) => one[end].id === stage.id);
    return (end === 'from' ? move?.countFrom : move?.countTo) ?? null;
  };
  const other: RibbonNode = {
    id: otherId,
    name: text.stages.otherMoves,
    number: 0,
    value: countText(otherSum, context),
    paint: { className: 'st-lapsed', isExtra: true },
  };
  const before = nodesOf(flow.before, countOf('from'), context);
  const after = [...nodesOf(flow.after, countOf('to'), context), ...(otherSum > 0 ? [other] : [])];
  const parts = kindTotals(flow).map((one) => `${text.stages.moves[one.kind]} ${kindCount(one, context)}`);
  const drawings = sizes.map((fixed) => {
    const size = {
      ...fixed,
      height: fixed.height + roomOfStage * Math.max(0, flow.after.length - stagesInHeight),
    };
    const { picture, labels } = ribbonChart(before, after, ribbons, {
      ...size,
      summary: `${inLanguage(view.title, context)}. ${text.stages.flowSummary(formatMonth(month, language), parts.join(', '))}`,
      heads: [
        text.stages.endOf(formatMonth(monthBefore(month), language, 'short')),
        text.stages.endOf(formatMonth(month, language, 'short')),
      ],
    });
    const shown = size.className.startsWith('not') ? 'not-narrow' : 'narrow-only';
    return html`${picture}${keyList(numberKey(labels, shown), shown, context)}`;
  });
  return html`${drawings}${
    otherSum > 0 &&
    html`<p class="caption">${text.stages.otherMoves}: ${text.stages.otherMovesHint(ratioText(smallestShare, context))}</p>`
  }`;
}

/** The same in words, for who cannot tell the colours apart. */
function largestMoves(flow: Flow, context: PageContext): SafeHtml | null {
  const { stages: text } = context.text;
  const largest = flow.moves
    .filter(({ kind, count }) => kind !== 'stay' && count !== null && count > 0)
    .toSorted((a, b) => (b.count ?? 0) - (a.count ?? 0))
    .slice(0, movesListed);
  if (largest.length === 0) return null;
  return html`<p class="sub">${text.largestMoves}</p><ol class="moves">${largest.map(
    (move) =>
      html`<li>${moveSwatch(move.kind)}<span class="route">${nameOf(move.from, context)} → ${nameOf(move.to, context)}</span><span class="much"><b>${countOrHidden(move.count, context)}</b> ${text.moves[move.kind]} · ${shareOf(move, context)}</span></li>`,
  )}</ol>`;
}

function matrix(view: View, flow: Flow, context: PageContext): SafeHtml {
  const { stages: text } = context.text;
  const find = (from: Stage, to: Stage): Move | undefined =>
    flow.moves.find((move) => move.from.id === from.id && move.to.id === to.id);
  const cell = (move: Move | undefined): SafeHtml => {
    if (!move) return html`<td>0</td>`;
    return html`<td>${countOrHidden(move.count, context)} <small>${shareOf(move, context)} ${text.moves[move.kind]}</small></td>`;
  };
  const rows = flow.before.map(
    (from) =>
      html`<tr><th scope="row">${nameOf(from, context)}</th>${flow.after.map((to) => cell(find(from, to)))}<td>${countOrHidden(flow.moves.find((move) => move.from.id === from.id)?.countFrom ?? null, context)}</td></tr>`,
  );
  const totals = flow.after.map(
    (to) =>
      html`<td>${countOrHidden(flow.moves.find((move) => move.to.id === to.id)?.countTo ?? null, context)}</td>`,
  );
  return scrollRegion(
    context.text.tableOf(inLanguage(view.title, context)),
    html`<table class="data matrix"><thead><tr><th scope="col">${text.fromTo}</th>${flow.after.map((to) => html`<th scope="col">${nameOf(to, context)}</th>`)}<th scope="col">${text.total}</th></tr></thead><tbody>${rows}<tr><th scope="row">${text.total}</th>${totals}<td></td></tr></tbody></table>`,
  );
}

export function stageFlow(view: View, span: string, place: LifecyclePlace, context: PageContext): SafeHtml {
  const { text, language } = context;
  const flow = readFlow(view, place);
  const { month } = flow;
  return card(
    view,
    {
      id: `flow${place.suffix}`,
      span,
      title: titleIn(place, text.stages.flowQuestion, context),
      ...(month && { aid: text.stages.flowAid(formatMonth(month, language)) }),
      body: month
        ? html`${legend(flow, context)}${charts(view, flow, month, context)}${largestMoves(flow, context)}`
        : html`<div class="card-blank"></div>`,
      ...(month && { table: matrix(view, flow, context) }),
    },
    context,
  );
}
