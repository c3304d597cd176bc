// What each number means and which SQL computes it; on paper this section stands for the folded definitions.
import type { View } from '../../functions/core/snapshot.ts';
import { html, type SafeHtml } from '../markup.ts';
import { inLanguage, type PageContext } from '../page-context.ts';

export function definitions(views: readonly View[], context: PageContext): SafeHtml {
  const { text } = context;
  const rows = views.map(
    (view) =>
      html`<div class="definition"><dt>${inLanguage(view.title, context)}</dt><dd>${inLanguage(view.definition.text, context)} <span class="model">${text.definitionModel} <code>${view.definition.sqlModel}</code> · ${text.definitionVersion} ${view.definition.version}</span></dd></div>`,
  );
  return html`<section class="card span-12" id="definitions" aria-labelledby="definitions-title"><header class="card-head"><h2 id="definitions-title">${text.definitions}</h2></header><dl class="definitions">${rows}</dl></section>`;
}
