// Where the numbers come from and where to take them: files of every view, then the marks of the run.
import { formatInstant } from '../../functions/core/format/date-format.ts';
import type { FileReference, View } from '../../functions/core/snapshot.ts';
import { html, type SafeHtml } from '../markup.ts';
import { countText, inLanguage, type PageContext } from '../page-context.ts';

/** Encoded segment by segment and always relative, so that no path of a manifest can become a scheme or a host. */
function address(path: string, context: PageContext): string {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return `${context.root || './'}${segments.map(encodeURIComponent).join('/')}`;
}

function fileLink(file: FileReference, name: string, hint: string, context: PageContext): SafeHtml {
  return html`<a href="${address(file.path, context)}" title="${hint}" download>${name}</a>`;
}

function filesOf(view: View, context: PageContext): SafeHtml | null {
  const { text, manifest } = context;
  const published = manifest.views[view.id];
  if (!published) return null;
  const { csv, csvTr, json } = published.files;
  return html`<li><span>${inLanguage(view.title, context)}</span> <span class="file-links">${fileLink(csv, text.footerCsv, text.footerCsvHint, context)} ${fileLink(csvTr, text.footerCsvTr, text.footerCsvTrHint, context)} ${fileLink(json, text.footerJson, text.footerJson, context)}</span></li>`;
}

export function pageFooter(views: readonly View[], context: PageContext): SafeHtml {
  const { text, manifest, language } = context;
  const marks: readonly (readonly [string, string])[] = [
    [text.footerSnapshot, manifest.snapshotId],
    [text.footerRun, manifest.run.runId],
    [text.footerModel, manifest.run.modelVersion],
    [text.footerCode, manifest.run.gitSha],
    [text.footerRows, countText(manifest.run.rowsIn, context)],
    [text.footerGenerated, formatInstant(manifest.generatedAt, manifest.timezone, language)],
    [text.footerCurrency, manifest.currency],
    [text.footerTimeZone, manifest.timezone],
  ];
  const shown = marks.filter(([, value]) => value !== '');
  return html`<footer class="page-foot"><section aria-labelledby="files-title"><h2 id="files-title">${text.footerData}</h2><ul class="files">${views.map((view) => filesOf(view, context))}</ul><p class="aid">${text.footerCsv}: ${text.footerCsvHint}. ${text.footerCsvTr}: ${text.footerCsvTrHint}.</p></section><dl class="marks">${shown.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl></footer>`;
}
