// Where do we lose most? A bar for the advance rate, a tick for the target, a diamond for a benchmark if there is one.
import { formatMonth } from '../../functions/core/format/date-format.ts';
import type { View } from '../../functions/core/snapshot.ts';
import { html, type SafeHtml, svg } from '../markup.ts';
import {
  countText,
  decimalText,
  inLanguage,
  noValueSign,
  type PageContext,
  ratioText,
} from '../page-context.ts';
import { type LifecyclePlace, stageName, stageSwatch, titleIn } from '../stages.ts';
import { card, scrollRegion } from './card.ts';
import {
  type Dropoff,
  dropoffSentence,
  gapOf,
  mainDropoff,
  pointsText,
  type Rate,
  readDropoffs,
  wholeCustomers,
} from './dropoffs.ts';

const headroom = 1.06;
const middle = 9;

/** The rate at the right end of every bar. */
function scaleEnd(dropoffs: readonly Dropoff[]): number {
  const rates = dropoffs.flatMap(({ rate, target, benchmark }) => [rate ?? 0, target ?? 0, benchmark ?? 0]);
  const highest = Math.max(0, ...rates);
  return highest === 0 ? 1 : Math.min(1, highest * headroom);
}

function percent(value: number, end: number): string {
  return `${Math.round(Math.min(1, value / end) * 1000) / 10}%`;
}

function barClass(dropoff: Dropoff): string {
  const gap = gapOf(dropoff);
  if (gap === null) return 'rate-plain';
  return gap >= 0 ? 'rate-met' : 'rate-missed';
}

function diamond(at: string): SafeHtml {
  return svg`<svg class="spark" x="${at}" y="${middle}" width="1" height="1"><path class="diamond" d="M0 -6L6 0L0 6L-6 0Z"/></svg>`;
}

function gauge(dropoff: Dropoff, end: number, label: string): SafeHtml {
  const { rate, target, benchmark } = dropoff;
  return html`<svg class="gauge" role="img" aria-label="${label}"><rect class="track-ground" y="4" width="100%" height="10"/>${
    rate !== null &&
    rate > 0 &&
    svg`<rect class="${barClass(dropoff)}" y="4" width="${percent(rate, end)}" height="10"/>`
  }${
    target !== null &&
    svg`<line class="target-tick" x1="${percent(target, end)}" x2="${percent(target, end)}" y1="0" y2="18"/>`
  }${benchmark !== null && diamond(percent(benchmark, end))}</svg>`;
}

function rateText({ rate, mature }: Rate, hasRows: boolean, context: PageContext): string {
  if (rate !== null) return ratioText(rate, context);
  return !hasRows || mature === 0 ? noValueSign : context.text.stages.hidden;
}

function gapPart(dropoff: Dropoff, context: PageContext): SafeHtml | null {
  const { stages: text } = context.text;
  const gap = gapOf(dropoff);
  if (gap === null) return null;
  if (gap === 0) return html`<span class="good">✓ ${text.onTarget}</span>`;
  return gap > 0
    ? html`<span class="good">▲ ${text.above(pointsText(gap, context))}</span>`
    : html`<span class="bad">▼ ${text.below(pointsText(gap, context))}</span>`;
}

function underParts(dropoff: Dropoff, context: PageContext): SafeHtml {
  const { stages: text } = context.text;
  const days = decimalText(dropoff.withinDays, context, 0);
  const named = dropoff.isDefaultTarget ? text.defaultTarget : text.target;
  const parts = [
    dropoff.target === null ? text.noTarget : named(ratioText(dropoff.target, context), days),
    (dropoff.months.size === 0 || dropoff.mature === 0) && text.noEntries,
    dropoff.rate !== null &&
      text.advancedOf(countText(dropoff.advanced, context), countText(dropoff.mature, context)),
    dropoff.benchmark !== null &&
      text.benchmark(ratioText(dropoff.benchmark, context), dropoff.benchmarkSource ?? ''),
  ];
  return html`<span class="under">${gapPart(dropoff, context)}${parts.map((part) => part !== false && html`<span>${part}</span>`)}</span>`;
}

function lostText({ shortfall }: Rate, context: PageContext): string {
  return shortfall === null ? noValueSign : countText(wholeCustomers(shortfall), context);
}

function dropoffItem(dropoff: Dropoff, isMain: boolean, end: number, context: PageContext): SafeHtml {
  const name = stageName(dropoff.stage, context);
  const rate = rateText(dropoff, dropoff.months.size > 0, context);
  return html`<li${isMain && html` class="main"`}><span class="name"><span>${stageSwatch(dropoff.stage.paint)} ${name}</span><b>${rate}</b></span>${gauge(dropoff, end, `${name}: ${rate}`)}${underParts(dropoff, context)}<span class="lost${dropoff.shortfall === null && ' flat'}">${lostText(dropoff, context)}</span></li>`;
}

function legend(dropoffs: readonly Dropoff[], context: PageContext): SafeHtml {
  const { stages: text } = context.text;
  const withTarget = dropoffs.filter(({ target }) => target !== null);
  const defaults = withTarget.filter(({ isDefaultTarget }) => isDefaultTarget).length;
  const tick =
    defaults === 0
      ? text.targetTick
      : defaults === withTarget.length
        ? text.defaultTargetTick
        : text.mixedTargetTick;
  const hasBenchmark = dropoffs.some(({ benchmark }) => benchmark !== null);
  const swatch = (shape: SafeHtml): SafeHtml =>
    html`<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">${shape}</svg>`;
  return html`<ul class="legend">${
    withTarget.length > 0 &&
    html`<li>${swatch(svg`<rect class="rate-met" y="2" width="12" height="8"/>`)}${text.metTarget}</li><li>${swatch(svg`<rect class="rate-missed" y="2" width="12" height="8"/>`)}${text.missedTarget}</li><li>${swatch(svg`<line class="target-tick" x1="6" x2="6" y1="0" y2="12"/>`)}${tick}</li>`
  }<li>${
    hasBenchmark
      ? html`${swatch(svg`<path class="diamond" d="M6 1L11 6L6 11L1 6Z"/>`)}${text.benchmarkMark}`
      : text.noBenchmark
  }</li></ul>`;
}

function list(dropoffs: readonly Dropoff[], context: PageContext): SafeHtml {
  const { stages: text } = context.text;
  const main = mainDropoff(dropoffs);
  const end = scaleEnd(dropoffs);
  return html`<ol class="dropoffs"><li class="head" aria-hidden="true"><span class="name">${text.advanceRate}</span><span class="lost">${text.lost}</span></li>${dropoffs.map((dropoff) => dropoffItem(dropoff, dropoff === main, end, context))}</ol>`;
}

function table(view: View, dropoffs: readonly Dropoff[], context: PageContext): SafeHtml {
  const { stages: text } = context.text;
  const months = [...new Set(dropoffs.flatMap((dropoff) => [...dropoff.months.keys()]))].sort().reverse();
  const cell = (rate: Rate | undefined): SafeHtml => {
    if (!rate) return html`<td>${noValueSign}</td>`;
    const parts =
      rate.rate !== null &&
      html` <small>${countText(rate.advanced, context)} / ${countText(rate.mature, context)}</small>${
        rate.shortfall !== null && html`<small>${text.lostShort(lostText(rate, context))}</small>`
      }`;
    return html`<td>${rateText(rate, true, context)}${parts}</td>`;
  };
  const rows = months.map(
    (month) =>
      html`<tr><th scope="row">${formatMonth(month, context.language)}</th>${dropoffs.map((dropoff) => cell(dropoff.months.get(month)))}</tr>`,
  );
  const sums = dropoffs.map((dropoff) => cell(dropoff.months.size > 0 ? dropoff : undefined));
  return scrollRegion(
    context.text.tableOf(inLanguage(view.title, context)),
    html`<table class="data matrix"><thead><tr><th scope="col">${text.entryMonth}</th>${dropoffs.map((dropoff) => html`<th scope="col">${stageName(dropoff.stage, context)}</th>`)}</tr></thead><tbody>${rows}<tr><th scope="row">${text.allMonths}</th>${sums}</tr></tbody></table>`,
  );
}

export function stageDropoff(
  view: View,
  span: string,
  place: LifecyclePlace,
  context: PageContext,
): SafeHtml {
  const { stages: text } = context.text;
  const dropoffs = readDropoffs(view, place);
  const sentence = dropoffSentence(view, place, context);
  const isEmpty = dropoffs.length === 0;
  return card(
    view,
    {
      id: `dropoff${place.suffix}`,
      span,
      title: titleIn(place, text.dropoffQuestion, context),
      aid: text.dropoffAid,
      body: isEmpty
        ? html`<div class="card-blank"></div>`
        : html`${sentence && html`<p class="finding">${sentence}</p>`}${legend(dropoffs, context)}${list(dropoffs, context)}`,
      ...(!isEmpty && { table: table(view, dropoffs, context) }),
    },
    context,
  );
}
