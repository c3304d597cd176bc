// Are we on target, and better than before? One tile per KPI, the first six large.

import { formatPeriod } from '../../functions/core/format/date-format.ts';
import type { View } from '../../functions/core/snapshot.ts';
import { sparkline } from '../charts/sparkline.ts';
import { html, type SafeHtml } from '../markup.ts';
import { inLanguage, noValueSign, type PageContext } from '../page-context.ts';
import { definitionDetails, scrollRegion, stateNote } from './card.ts';
import {
  changeOf,
  gapText,
  type Kpi,
  type KpiPoint,
  kpiPeriodText,
  kpiValueText,
  lastComplete,
  nullReasonText,
  readKpis,
  targetOf,
} from './kpi.ts';

const largeTiles = 6;

function changeLine(kpi: Kpi, point: KpiPoint, context: PageContext): SafeHtml {
  const { text } = context;
  const change = changeOf(kpi, point, context);
  if (typeof change === 'string') return html`<p class="delta flat">${change}</p>`;
  if (change.direction === 'none') return html`<p class="delta flat">${text.unchanged}</p>`;
  const arrow = change.direction === 'up' ? '▲' : '▼';
  const moved = change.direction === 'up' ? text.rose : text.fell;
  if (change.isGood === null) return html`<p class="delta flat">${arrow} ${change.text} ${moved}</p>`;
  return html`<p class="delta ${change.isGood ? 'good' : 'bad'}">${arrow} ${change.text} <span class="word">${change.isGood ? text.better : text.worse}</span></p>`;
}

function targetLine(kpi: Kpi, point: KpiPoint, context: PageContext): SafeHtml | null {
  const { text } = context;
  const against = targetOf(kpi, point);
  if (!against) return null;
  const name = point.isDefaultTarget ? text.defaultTarget : text.target;
  const target = name(kpiValueText(against.target, kpi.unit, context));
  if (against.isMet) return html`<p class="goal">${target} <span class="good">✓ ${text.targetMet}</span></p>`;
  const gap =
    against.target === 0 && kpi.unit !== 'ratio' && kpi.unit !== 'score'
      ? kpiValueText(Math.abs(against.gap), kpi.unit, context)
      : gapText(against.gap, against.target, kpi.unit, context);
  return html`<p class="goal">${target} <span class="bad">! ${text.targetMissed(gap)}</span></p>`;
}

function benchmarkLine(kpi: Kpi, { benchmark }: KpiPoint, context: PageContext): SafeHtml | null {
  return (
    benchmark &&
    html`<p class="goal">${context.text.benchmark(kpiValueText(benchmark.value, kpi.unit, context))}</p>`
  );
}

/** Who published the benchmarks on the tiles: a figure of others is nothing without its source. */
function benchmarkSources(kpis: readonly Kpi[], context: PageContext): SafeHtml | null {
  const lines = kpis.flatMap((kpi) => {
    const benchmark = lastComplete(kpi)?.benchmark;
    return benchmark ? [html`<li>${inLanguage(kpi.label, context)}: ${benchmark.source}</li>`] : [];
  });
  return lines.length === 0
    ? null
    : html`<details class="more"><summary>${context.text.benchmarkSources}</summary><div class="more-body"><ul>${lines}</ul></div></details>`;
}

function sparkSummary(kpi: Kpi, context: PageContext): string {
  const { text } = context;
  const head = text.sparkline(inLanguage(kpi.label, context), kpi.points.length);
  const known = kpi.points.filter((point) => point.value !== null);
  const [first] = known;
  const last = known.at(-1);
  if (!first || !last) return `${head}: ${text.noValue}`;
  const named = (point: KpiPoint): string =>
    `${kpiPeriodText(point, kpi, context)} ${kpiValueText(point.value, kpi.unit, context)}`;
  const values = known.map((point) => point.value ?? 0);
  const range = text.sparklineRange(
    kpiValueText(Math.min(...values), kpi.unit, context),
    kpiValueText(Math.max(...values), kpi.unit, context),
  );
  return `${head}: ${text.sparklineFromTo(named(first), named(last))}; ${range}`;
}

function sparkOf(kpi: Kpi, context: PageContext): SafeHtml {
  const points = kpi.points.map((point) => ({
    value: point.value,
    isComplete: point.isComplete,
    title: `${kpiPeriodText(point, kpi, context)}: ${kpiValueText(point.value, kpi.unit, context)}${point.isComplete ? '' : ` (${context.text.partial})`}`,
  }));
  return sparkline(points, lastComplete(kpi)?.target ?? null, sparkSummary(kpi, context));
}

function tile(kpi: Kpi, size: 'large' | 'small', context: PageContext): SafeHtml {
  const point = lastComplete(kpi);
  const value = kpiValueText(point?.value ?? null, kpi.unit, context);
  const isKnown = point !== undefined && point.value !== null;
  return html`<li class="tile tile-${size}"><h3>${inLanguage(kpi.label, context)}</h3><p class="period">${
    point ? kpiPeriodText(point, kpi, context) : noValueSign
  }</p><p class="value">${value}</p>${
    isKnown
      ? [changeLine(kpi, point, context), targetLine(kpi, point, context), benchmarkLine(kpi, point, context)]
      : html`<p class="delta flat">${nullReasonText(point, context)}</p>`
  }<div class="tile-spark">${sparkOf(kpi, context)}</div></li>`;
}

function kpiTable(kpis: readonly Kpi[], context: PageContext): SafeHtml {
  const periods = [...new Set(kpis.flatMap((kpi) => kpi.points.map((point) => point.periodStart)))].sort();
  const grain = kpis[0]?.grain ?? 'month';
  const head = periods.map(
    (period) => html`<th scope="col">${formatPeriod(period, grain, context.language, 'short')}</th>`,
  );
  const rows = kpis.map((kpi) => {
    const cells = periods.map((period) => {
      const point = kpi.points.find((candidate) => candidate.periodStart === period);
      const shown = kpiValueText(point?.value ?? null, kpi.unit, context);
      return point && !point.isComplete && point.value !== null
        ? html`<td>${shown} <small>${context.text.partial}</small></td>`
        : html`<td>${shown}</td>`;
    });
    return html`<tr><th scope="row">${inLanguage(kpi.label, context)}</th>${cells}</tr>`;
  });
  return scrollRegion(
    context.text.kpiTableTitle,
    html`<table class="data"><thead><tr><th scope="col">${context.text.kpiColumn}</th>${head}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}

/** Fewer than six tiles share the whole width. */
function columns(count: number): string {
  return `of-${Math.min(count, largeTiles)}`;
}

export function kpiTiles(view: View, context: PageContext): SafeHtml {
  const kpis = readKpis(view);
  const large = kpis.slice(0, largeTiles).map((kpi) => tile(kpi, 'large', context));
  const small = kpis.slice(largeTiles).map((kpi) => tile(kpi, 'small', context));
  return html`<section class="kpis" id="kpis" aria-labelledby="kpis-title"><h2 id="kpis-title" class="visually-hidden">${context.text.kpiSection}</h2>${stateNote(view, context)}${
    large.length > 0 && html`<ul class="tiles ${columns(large.length)}">${large}</ul>`
  }${small.length > 0 && html`<ul class="tiles tiles-small ${columns(small.length)}">${small}</ul>`}<div class="under-tiles">${
    kpis.length > 0 &&
    html`<details class="more"><summary>${context.text.showTable}</summary><div class="more-body">${kpiTable(kpis, context)}</div></details>`
  }${benchmarkSources(kpis, context)}${definitionDetails(view, context)}</div></section>`;
}
