// Where recency and frequency meet: five by five cells of customers, drawn as the table it is.
import { sum } from 'd3-array';
import type { View } from '../../functions/core/snapshot.ts';
import { html, type SafeHtml } from '../markup.ts';
import { countText, inLanguage, noValueSign, type PageContext, ratioText } from '../page-context.ts';
import { readRows } from '../view-reader.ts';
import { card, scrollRegion } from './card.ts';

interface GridCell {
  readonly recency: number;
  readonly frequency: number;
  /** Null when suppressed; a pair of scores that nobody has is 0. */
  readonly customers: number | null;
}

const scoresDown = [5, 4, 3, 2, 1];
const scoresAcross = [1, 2, 3, 4, 5];

function readGrid(view: View): readonly GridCell[] {
  const rows = readRows(view).map((row) => ({
    recency: row.number('recency_score'),
    frequency: row.number('frequency_score'),
    customers: row.number('count_customers'),
  }));
  return scoresDown.flatMap((recency) =>
    scoresAcross.map((frequency) => {
      const found = rows.find((row) => row.recency === recency && row.frequency === frequency);
      return { recency, frequency, customers: found ? found.customers : 0 };
    }),
  );
}

/** Five equal steps up to the fullest cell; an empty cell has no colour. */
function stepClass(customers: number, largest: number): string {
  if (customers === 0) return 'origin';
  return `q${Math.min(5, 1 + Math.floor((customers / largest) * 5))}`;
}

function gridTable(cells: readonly GridCell[], view: View, context: PageContext): SafeHtml {
  const { text } = context;
  const largest = Math.max(1, ...cells.map((cell) => cell.customers ?? 0));
  const total = sum(cells, (cell) => cell.customers ?? 0);
  const hidden = view.suppressed ? text.lessThan(countText(view.suppressed.k, context)) : noValueSign;
  const drawCell = ({ recency, frequency, customers }: GridCell): SafeHtml => {
    if (view.rows.length === 0) return html`<td class="origin"></td>`;
    if (customers === null) return html`<td class="unknown">${hidden}</td>`;
    const share = total === 0 ? '' : ` (${ratioText(customers / total, context)})`;
    const hint = `${text.recencyShort} ${recency}, ${text.frequencyShort} ${frequency}: ${text.customers(countText(customers, context))}${share}`;
    return html`<td class="${stepClass(customers, largest)}" title="${hint}">${countText(customers, context)}</td>`;
  };
  const rows = scoresDown.map(
    (recency) =>
      html`<tr><th scope="row">${recency}</th>${cells.filter((cell) => cell.recency === recency).map(drawCell)}</tr>`,
  );
  const head = scoresAcross.map((frequency) => html`<th scope="col">${frequency}</th>`);
  const isRoomy = largest >= 10_000;
  const table = html`<table class="grid-heat${isRoomy && ' roomy'}"><caption class="visually-hidden">${inLanguage(view.title, context)}</caption><thead><tr><th class="corner" rowspan="2" scope="col">${text.recencyShort}</th><th colspan="${scoresAcross.length}" scope="colgroup">${text.frequencyShort}</th></tr><tr>${head}</tr></thead><tbody>${rows}</tbody></table>`;
  return isRoomy ? scrollRegion(inLanguage(view.title, context), table) : table;
}

function flatTable(cells: readonly GridCell[], view: View, context: PageContext): SafeHtml {
  const { text } = context;
  const total = sum(cells, (cell) => cell.customers ?? 0);
  const rows = cells.map(
    (cell) =>
      html`<tr><td>${cell.recency}</td><td>${cell.frequency}</td><td>${
        cell.customers === null && view.suppressed
          ? text.lessThan(countText(view.suppressed.k, context))
          : countText(cell.customers, context)
      }</td><td>${ratioText(cell.customers === null || total === 0 ? null : cell.customers / total, context)}</td></tr>`,
  );
  return html`<table class="data"><thead><tr><th scope="col">${text.recencyScore}</th><th scope="col">${text.frequencyScore}</th><th scope="col">${text.rfmCustomers}</th><th scope="col">${text.rfmShare}</th></tr></thead><tbody>${rows}</tbody></table>`;
}

export function rfmGrid(view: View, span: string, context: PageContext): SafeHtml {
  const cells = readGrid(view);
  const isEmpty = view.rows.length === 0;
  return card(
    view,
    {
      id: 'rfm-grid',
      span,
      title: context.text.rfmGridQuestion,
      aid: context.text.rfmGridAid,
      body: gridTable(cells, view, context),
      ...(!isEmpty && { table: flatTable(cells, view, context) }),
    },
    context,
  );
}
