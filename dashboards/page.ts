// One whole page: what is said, in which order, and how the cards share the grid.
import { formatDataDate, formatInstant } from '../functions/core/format/date-format.ts';
import type { Snapshot, View, ViewKind } from '../functions/core/snapshot.ts';
import { headline } from './headline.ts';
import {
  furtherLifecycle,
  lifecycleCards,
  lifecycleGroups,
  lifecycleList,
  mainDropoffSentence,
} from './lifecycle-group.ts';
import { html, type SafeHtml } from './markup.ts';
import type { PageContext } from './page-context.ts';
import { stagePatterns } from './stages.ts';
import { activityLifecycle } from './views/activity-lifecycle.ts';
import { viewPlace } from './views/card.ts';
import { cohortRetention } from './views/cohort-retention.ts';
import { readCohorts } from './views/cohort-triangle.ts';
import { definitions } from './views/definitions.ts';
import { kpiTiles } from './views/kpi-tiles.ts';
import { pageFooter } from './views/page-footer.ts';
import { rfm } from './views/rfm.ts';
import { rfmGrid } from './views/rfm-grid.ts';

// `file:` lets the page find its style sheet when it is opened from disk: there some browsers match no 'self'.
const contentSecurityPolicy =
  "default-src 'none'; style-src 'self' file:; img-src 'self' data:; base-uri 'none'; form-action 'none'";

/** More cohorts than this are too wide for a card beside another. */
const cohortsInPair = 13;

interface ChosenViews {
  readonly kpis: View | undefined;
  readonly lifecycle: View | undefined;
  readonly cohorts: View | undefined;
  readonly rfm: View | undefined;
  readonly rfmGrid: View | undefined;
}

/** By id; a view under another id serves when it is of the kind, the monthly one first. */
function chooseView(views: readonly View[], kind: ViewKind): View | undefined {
  const ofKind = views.filter((view) => view.kind === kind && view.id !== 'rfm_grid');
  return (
    ofKind.find((view) => view.id === kind) ?? ofKind.find((view) => view.grain === 'month') ?? ofKind[0]
  );
}

function chooseViews(views: readonly View[]): ChosenViews {
  return {
    kpis: chooseView(views, 'kpi_tiles'),
    lifecycle: chooseView(views, 'activity_lifecycle'),
    cohorts: chooseView(views, 'cohort_retention'),
    rfm: chooseView(views, 'rfm'),
    rfmGrid: views.find((view) => view.id === 'rfm_grid'),
  };
}

function brandMark(): SafeHtml {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 12a8 8 0 0 1 13.7-5.6M20 12a8 8 0 0 1-13.7 5.6"/><path d="M18.4 2.6v4.2h-4.2M5.6 21.4v-4.2h4.2"/></svg>`;
}

function masthead(context: PageContext): SafeHtml {
  const { text, language, manifest, root } = context;
  const other = language === 'tr' ? 'en' : 'tr';
  const sectors: Readonly<Record<string, string>> = text.sector;
  const sector = sectors[manifest.sector] ?? manifest.sector;
  return html`<header class="masthead"><p class="brand">${brandMark()}${text.brand}</p><p>${text.pageTitle}${sector !== '' && html` · ${sector}`}</p><a class="language" href="${root}${other}/index.html" hreflang="${other}" lang="${other}" title="${text.otherLanguageHint}">${text.otherLanguage}</a></header>`;
}

function freshness(context: PageContext): SafeHtml {
  const { text, language, manifest } = context;
  const day = formatDataDate(manifest.asOf, manifest.timezone, language);
  const isStale = Date.parse(manifest.generatedAt) > Date.parse(manifest.staleAfter);
  const isPartial = manifest.run.status === 'partial' || manifest.run.failedViews.length > 0;
  const [kind, word] = isStale
    ? ['stale', text.stale]
    : isPartial
      ? ['partial', text.partialRun]
      : ['fresh', text.fresh];
  const next = formatInstant(manifest.nextExpectedAt, manifest.timezone, language);
  return html`<p class="freshness"><span class="badge badge-${kind}">${word}</span> ${text.dataDate(day)} · ${text.nextRefresh(next)}</p>${
    isStale && html`<p class="banner" role="status">${text.staleBanner(day)}</p>`
  }${
    manifest.run.failedViews.length > 0 &&
    html`<p class="banner" role="status">${text.partialRunBanner(manifest.run.failedViews.join(', '))}</p>`
  }`;
}

function customerGroup(chosen: ChosenViews, context: PageContext): SafeHtml {
  const { text } = context;
  const countCohorts = chosen.cohorts ? readCohorts(chosen.cohorts).cohorts.length : 0;
  const isPair =
    chosen.cohorts !== undefined && chosen.lifecycle !== undefined && countCohorts <= cohortsInPair;
  const [left, right] = isPair ? ['span-5', 'span-7'] : ['span-12', 'span-12'];
  return html`<div class="grid group">${viewPlace(
    chosen.lifecycle,
    { id: 'activity_lifecycle', anchor: 'activity_lifecycle', title: text.lifecycleQuestion, span: left },
    (view) => activityLifecycle(view, left, context),
    context,
  )}${viewPlace(
    chosen.cohorts,
    { id: 'cohort_retention', anchor: 'cohort_retention', title: text.cohortQuestion, span: right },
    (view) => cohortRetention(view, right, context),
    context,
  )}</div>`;
}

function valueGroup(chosen: ChosenViews, context: PageContext): SafeHtml {
  const { text } = context;
  const hasBoth = chosen.rfm !== undefined && chosen.rfmGrid !== undefined;
  const [left, right] = hasBoth ? ['span-7', 'span-5'] : ['span-12', 'span-12'];
  return html`<div class="grid group">${viewPlace(
    chosen.rfm,
    { id: 'rfm', anchor: 'rfm', title: text.rfmQuestion, span: left },
    (view) => rfm(view, left, context),
    context,
  )}${viewPlace(
    chosen.rfmGrid,
    { id: 'rfm_grid', anchor: 'rfm_grid', title: text.rfmGridQuestion, span: right },
    (view) => rfmGrid(view, right, context),
    context,
  )}</div>`;
}

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='%230b6bcb' stroke-width='2.4' stroke-linecap='round' stroke-linejoin='round'%3E%3Cpath d='M4 12a8 8 0 0 1 13.7-5.6M20 12a8 8 0 0 1-13.7 5.6M18.4 2.6v4.2h-4.2M5.6 21.4v-4.2h4.2'/%3E%3C/svg%3E";

export function renderPage(snapshot: Snapshot, stylePath: string, context: PageContext): string {
  const { text, language } = context;
  const chosen = chooseViews(snapshot.views);
  const lifecycles = lifecycleGroups(snapshot);
  const [main, ...further] = lifecycles;
  // the definitions of a second lifecycle's views are those of the first's
  const defined = [chosen.kpis, ...Object.values(main?.views ?? {}), ...Object.values(chosen).slice(1)];
  const shown = defined.filter((view) => view !== undefined);
  const sentence = [headline(chosen.kpis, context), mainDropoffSentence(main, context)]
    .filter((part) => part !== null)
    .join(' ');
  const title = `${text.brand} · ${text.pageTitle}`;
  const kpis = viewPlace(
    chosen.kpis,
    { id: 'kpi_tiles', anchor: 'kpi_tiles', title: text.kpiSection, span: 'span-12' },
    (view) => kpiTiles(view, context),
    context,
  );
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="same-origin">
<meta name="description" content="${sentence}">
<title>${title}</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="${context.root}${stylePath}">
</head>
<body>
<a class="skip" href="#content">${text.skipToContent}</a>
${main && stagePatterns()}
<div class="page">
${masthead(context)}
<main id="content">
<div class="lead"><h1>${sentence}</h1>${freshness(context)}</div>
${kpis}
${lifecycleList(lifecycles, context)}
${main && lifecycleCards(main, context)}
${customerGroup(chosen, context)}
${valueGroup(chosen, context)}
${further.map((group) => furtherLifecycle(group, context))}
<div class="grid group definitions-group">${definitions(shown, context)}</div>
</main>
${pageFooter(snapshot.views, context)}
</div>
</body>
</html>
`;
  return page.text;
}
