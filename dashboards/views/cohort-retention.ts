// Do newer cohorts keep better? A triangle of percentages that is a table first and a picture second.
import { formatPeriod } from '../../functions/core/format/date-format.ts';
import type { View } from '../../functions/core/snapshot.ts';
import { html, type SafeHtml } from '../markup.ts';
import {
  countText,
  decimalText,
  inLanguage,
  noValueSign,
  type PageContext,
  ratioText,
} from '../page-context.ts';
import { card, scrollRegion } from './card.ts';
import {
  type Cohort,
  type CohortCell,
  type CohortTriangle,
  readCohorts,
  type ShareScale,
  shareOf,
  shareScale,
} from './cohort-triangle.ts';

/** So few columns stay narrow instead of drifting apart over the whole card. */
const fewPeriods = 7;

interface Drawing {
  readonly view: View;
  readonly triangle: CohortTriangle;
  readonly scale: ShareScale;
  readonly context: PageContext;
}

function periodsOf({ lastPeriod }: CohortTriangle): readonly number[] {
  return Array.from({ length: lastPeriod + 1 }, (_, period) => period);
}

/** Without the sign: the aid and the legend say "per cent", and 300 signs are noise. */
function shareText(share: number, context: PageContext): string {
  return decimalText(share * 100, context, share >= 0.9995 ? 0 : 1);
}

/** What an unknown number reads as: hidden for being small, or simply not there. */
function hiddenText({ view, context }: Drawing): string {
  return view.suppressed ? context.text.lessThan(countText(view.suppressed.k, context)) : noValueSign;
}

function cellOf(period: number, cell: CohortCell | undefined, drawing: Drawing): SafeHtml {
  const { context, scale } = drawing;
  if (!cell) return html`<td></td>`;
  const share = shareOf(cell);
  const state = cell.isComplete ? '' : ' hatch';
  const spoken = !cell.isComplete && html`<span class="visually-hidden"> ${context.text.partial}</span>`;
  if (share === null) {
    return html`<td class="unknown${state}">${cell.isComplete ? hiddenText(drawing) : noValueSign}${spoken}</td>`;
  }
  const step = period === 0 ? 'origin' : `q${scale.stepOf(share)}`;
  const hint = context.text.cohortCell(
    countText(period, context),
    countText(cell.active, context),
    countText(cell.size, context),
  );
  return html`<td class="${step}${state}" title="${hint}">${shareText(share, context)}${spoken}</td>`;
}

function sizeText(cohort: Cohort, drawing: Drawing): string {
  return cohort.size === null ? hiddenText(drawing) : countText(cohort.size, drawing.context);
}

function headRow(drawing: Drawing): SafeHtml {
  const { text } = drawing.context;
  const periods = periodsOf(drawing.triangle).map((period) => html`<th scope="col">${period}</th>`);
  return html`<thead><tr><th scope="col">${text.cohortColumn}</th><th scope="col">${text.cohortSize}</th>${periods}</tr></thead>`;
}

function meanRow({ triangle, context, scale }: Drawing): SafeHtml {
  const cells = periodsOf(triangle).map((period) => {
    const mean = triangle.means.get(period);
    if (mean === undefined) return html`<td></td>`;
    return html`<td class="${period === 0 ? 'origin' : `q${scale.stepOf(mean)}`}">${shareText(mean, context)}</td>`;
  });
  const size = triangle.cohorts.reduce((sum, cohort) => sum + (cohort.size ?? 0), 0);
  return html`<tr class="mean"><th scope="row">${context.text.cohortMean}</th><td class="size">${countText(size, context)}</td>${cells}</tr>`;
}

function triangleTable(drawing: Drawing): SafeHtml {
  const { triangle, view, context } = drawing;
  const rows = triangle.cohorts.map(
    (cohort) =>
      html`<tr><th scope="row">${formatPeriod(cohort.start, view.grain, context.language, 'short')}</th><td class="size">${sizeText(cohort, drawing)}</td>${periodsOf(triangle).map((period) => cellOf(period, cohort.cells.get(period), drawing))}</tr>`,
  );
  return scrollRegion(
    context.text.tableOf(inLanguage(view.title, context)),
    html`<table class="cohorts${triangle.lastPeriod < fewPeriods ? ' few' : ''}">${headRow(drawing)}<tbody>${rows}${triangle.cohorts.length > 0 && meanRow(drawing)}</tbody></table>`,
  );
}

function countsTable(drawing: Drawing): SafeHtml {
  const { triangle, view, context } = drawing;
  const rows = triangle.cohorts.map((cohort) => {
    const cells = periodsOf(triangle).map((period) => {
      const cell = cohort.cells.get(period);
      if (!cell) return html`<td></td>`;
      const shown =
        cell.active === null
          ? cell.isComplete
            ? hiddenText(drawing)
            : noValueSign
          : countText(cell.active, context);
      return html`<td>${shown}</td>`;
    });
    return html`<tr><th scope="row">${formatPeriod(cohort.start, view.grain, context.language, 'short')}</th><td>${sizeText(cohort, drawing)}</td>${cells}</tr>`;
  });
  return html`<p class="caption">${context.text.cohortActiveTable}</p>${scrollRegion(
    context.text.cohortActiveTable,
    html`<table class="data">${headRow(drawing)}<tbody>${rows}</tbody></table>`,
  )}`;
}

function legend({ scale, triangle, context }: Drawing): SafeHtml {
  const { text } = context;
  const digits = scale.bounds.every((bound) => Number.isInteger(Math.round(bound * 1e4) / 100)) ? 0 : 1;
  const bound = (index: number): string => ratioText(scale.bounds[index] ?? 0, context, digits);
  const names = [
    `< ${bound(0)}`,
    `${bound(0)} – ${bound(1)}`,
    `${bound(1)} – ${bound(2)}`,
    `${bound(2)} – ${bound(3)}`,
    `≥ ${bound(3)}`,
  ];
  const steps = names.map(
    (name, index) =>
      html`<li><svg class="swatch" viewBox="0 0 12 12" aria-hidden="true"><rect class="s${index + 1}" width="12" height="12" rx="2"/></svg>${name}</li>`,
  );
  const hasPartial = triangle.cohorts.some((cohort) =>
    [...cohort.cells.values()].some((cell) => !cell.isComplete),
  );
  return html`<ul class="legend">${steps}${hasPartial && html`<li><span class="swatch hatch" aria-hidden="true"></span>${text.partialPeriod}</li>`}</ul>`;
}

function summary({ triangle, context }: Drawing): string {
  const { text } = context;
  const count = countText(triangle.cohorts.length, context);
  const mean = triangle.means.get(1);
  return mean === undefined
    ? text.cohortSummaryShort(count)
    : text.cohortSummary(count, '1', ratioText(mean, context));
}

export function cohortRetention(view: View, span: string, context: PageContext): SafeHtml {
  const { text } = context;
  const triangle = readCohorts(view);
  const drawing: Drawing = { view, triangle, scale: shareScale(triangle), context };
  const isCut = triangle.countAll > triangle.cohorts.length;
  const isEmpty = triangle.cohorts.length === 0;
  return card(
    view,
    {
      id: 'cohorts',
      span,
      title: text.cohortQuestion,
      aid: text.cohortAid(view.grain),
      body: html`<p class="visually-hidden">${summary(drawing)}</p>${!isEmpty && legend(drawing)}${triangleTable(drawing)}${
        isCut && html`<p class="caption">${text.cohortNewest(triangle.cohorts.length, triangle.countAll)}</p>`
      }`,
      ...(!isEmpty && { table: countsTable(drawing) }),
    },
    context,
  );
}
