// The frame of every view: title, state, chart, and the two things behind it (table and definition).

import { formatDataDate } from '../../functions/core/format/date-format.ts';
import { formatCount } from '../../functions/core/format/number-format.ts';
import type { View } from '../../functions/core/snapshot.ts';
import { html, type SafeHtml } from '../markup.ts';
import { inLanguage, type PageContext } from '../page-context.ts';

export interface CardParts {
  /** Unique on the page: anchors and headings are named by it. */
  readonly id: string;
  /** Classes that place the card on the grid. */
  readonly span: string;
  readonly title: string;
  /** A number that belongs to the title. */
  readonly figure?: SafeHtml;
  readonly aid?: SafeHtml | string;
  readonly body: SafeHtml;
  readonly table?: SafeHtml;
}

function note(kind: string, text: string): SafeHtml {
  return html`<p class="note note-${kind}">${text}</p>`;
}

/** What the reader must know before reading the chart; nothing for a view that is simply there. */
export function stateNote(view: View, context: PageContext): SafeHtml | null {
  const { text, language, manifest } = context;
  const reason = view.reason && inLanguage(view.reason, context);
  const withReason = (sentence: string): string => (reason ? `${sentence} ${reason}` : sentence);
  const k = formatCount(view.suppressed?.k ?? 10, language);
  switch (view.status) {
    case 'ok':
      return null;
    case 'empty':
      return note('empty', reason ?? text.stateEmpty);
    case 'error':
      return note('error', withReason(text.stateError));
    case 'carried':
      return note(
        'error',
        withReason(text.stateCarried(formatDataDate(view.asOf, manifest.timezone, language))),
      );
    case 'partial':
      return note('partial', reason ?? text.statePartial);
    case 'suppressed':
      return note('partial', text.stateSuppressed(k, formatCount(view.suppressed?.rows ?? 0, language)));
  }
}

export function definitionDetails(view: View, context: PageContext): SafeHtml {
  const { text } = context;
  return html`<details class="more"><summary>${text.showDefinition}</summary><div class="more-body"><p>${inLanguage(view.definition.text, context)}</p><p class="model">${text.definitionModel} <code>${view.definition.sqlModel}</code> · ${text.definitionVersion} ${view.definition.version}</p></div></details>`;
}

export function card(view: View, parts: CardParts, context: PageContext): SafeHtml {
  const table =
    parts.table &&
    html`<details class="more"><summary>${context.text.showTable}</summary><div class="more-body">${parts.table}</div></details>`;
  return html`<section class="card ${parts.span}" id="${parts.id}" aria-labelledby="${parts.id}-title"><header class="card-head"><h2 id="${parts.id}-title">${parts.title}</h2>${parts.figure}</header>${
    parts.aid && html`<p class="aid">${parts.aid}</p>`
  }${stateNote(view, context)}<div class="card-body">${parts.body}</div><footer class="card-foot">${table}${definitionDetails(view, context)}</footer></section>`;
}

/** For a view that a failed run left out altogether: the frame stays and says so. */
export function missingCard(id: string, span: string, title: string, context: PageContext): SafeHtml {
  return html`<section class="card ${span}" id="${id}" aria-labelledby="${id}-title"><header class="card-head"><h2 id="${id}-title">${title}</h2></header>${note('error', context.text.runFailedFor)}<div class="card-body card-blank"></div></section>`;
}

function isPromised(id: string, context: PageContext): boolean {
  return context.manifest.run.failedViews.includes(id) || context.manifest.views[id] !== undefined;
}

/** A view that was promised and is not there keeps its place; one that was never meant leaves none. */
export function viewPlace(
  view: View | undefined,
  expected: { readonly id: string; readonly anchor: string; readonly title: string; readonly span: string },
  draw: (view: View) => SafeHtml,
  context: PageContext,
): SafeHtml | null {
  if (view) return draw(view);
  return isPromised(expected.id, context)
    ? missingCard(expected.anchor, expected.span, expected.title, context)
    : null;
}

/** A table that may be wider than its card scrolls in a region of its own that the keyboard can reach. */
export function scrollRegion(label: string, table: SafeHtml): SafeHtml {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`;
}
