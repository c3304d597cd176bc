// Which segments are big and valuable? A treemap, ranked bars on a phone, and the table behind both.
import { formatRatio } from '../../functions/core/format/number-format.ts';
import type { View } from '../../functions/core/snapshot.ts';
import { drawTreemap, type TreemapItem } from '../charts/treemap.ts';
import { html, round, type SafeHtml } from '../markup.ts';
import {
  countText,
  decimalText,
  inLanguage,
  moneyText,
  noValueSign,
  type PageContext,
  ratioText,
} from '../page-context.ts';
import { card, scrollRegion } from './card.ts';
import { readSegments, type Segment } from './rfm-segments.ts';

const besideGrid = [{ width: 620, height: 340, className: 'not-narrow' }];
const alone = [
  { width: 1150, height: 350, className: 'not-narrow only-wide' },
  { width: 620, height: 340, className: 'not-narrow only-medium' },
];

function customersText(segment: Segment, view: View, context: PageContext): string {
  if (segment.customers !== null) return countText(segment.customers, context);
  return view.suppressed ? context.text.lessThan(countText(view.suppressed.k, context)) : noValueSign;
}

function perCustomerText(segment: Segment, context: PageContext): string {
  return moneyText(segment.perCustomer, context);
}

function itemOf(segment: Segment, context: PageContext): TreemapItem {
  const name = inLanguage(segment.label, context);
  const count = countText(segment.customers, context);
  const customers = context.text.customers(count);
  const share = ratioText(segment.share, context);
  const value = `${context.text.rfmPerCustomer} ${perCustomerText(segment, context)}`;
  return {
    name,
    lines: [[`${count} · ${share}`, count], [perCustomerText(segment, context)]],
    value: segment.customers ?? 0,
    step: segment.step,
    title: `${name}: ${customers} (${share}); ${value}`,
  };
}

function scaleLegend(segments: readonly Segment[], context: PageContext): SafeHtml {
  const { text } = context;
  const values = segments.flatMap((segment) => (segment.perCustomer === null ? [] : [segment.perCustomer]));
  if (values.length === 0) return html``;
  const steps = [1, 2, 3, 4, 5].map(
    (step) => html`<rect class="s${step}" x="${(step - 1) * 22}" width="20" height="12" rx="2"/>`,
  );
  return html`<p class="legend">${text.rfmPerCustomer}: <span class="range">${moneyText(Math.min(...values), context)} <svg class="ramp" viewBox="0 0 108 12" aria-hidden="true">${steps}</svg> ${moneyText(Math.max(...values), context)}</span></p>`;
}

function bars(segments: readonly Segment[], view: View, context: PageContext): SafeHtml {
  const largest = Math.max(1, ...segments.map((segment) => segment.customers ?? 0));
  const rows = segments.map(
    (segment) =>
      html`<li><span class="bar-name">${inLanguage(segment.label, context)}</span> <span class="bar-value">${customersText(segment, view, context)} · ${perCustomerText(segment, context)}</span><svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="bar-ground" width="100" height="8"/><rect class="s${segment.step}" width="${round(((segment.customers ?? 0) / largest) * 100)}" height="8"/></svg></li>`,
  );
  return html`<ol class="bars narrow-only">${rows}</ol>`;
}

function keyList(
  numbered: readonly TreemapItem[],
  className: string,
  context: PageContext,
): SafeHtml | false {
  if (numbered.length === 0) return false;
  const rows = numbered.map(
    (item) =>
      html`<li><svg class="swatch" viewBox="0 0 12 12" aria-hidden="true"><rect class="s${item.step}" width="12" height="12" rx="2"/></svg>${item.name} <span class="key-value">${item.lines.map(([line]) => line).join(' · ')}</span></li>`,
  );
  return html`<ol class="key ${className}" aria-label="${context.text.rfmKeyTitle}">${rows}</ol>`;
}

/** Nobody, or too few to tell: there is nothing to draw, and silence would read as "not a segment". */
function withoutArea(segments: readonly Segment[], view: View, context: PageContext): SafeHtml | false {
  const names = segments
    .filter((segment) => !segment.customers)
    .map((segment) => `${inLanguage(segment.label, context)} ${customersText(segment, view, context)}`);
  return (
    names.length > 0 &&
    html`<p class="caption not-narrow">${context.text.rfmWithoutArea(names.join(' · '))}</p>`
  );
}

function segmentTable(segments: readonly Segment[], view: View, context: PageContext): SafeHtml {
  const { text } = context;
  const rows = segments.map(
    (segment) =>
      html`<tr><th scope="row">${inLanguage(segment.label, context)}</th><td>${customersText(segment, view, context)}</td><td>${ratioText(segment.share, context)}</td><td>${moneyText(segment.netAmount, context)}</td><td>${perCustomerText(segment, context)}</td><td>${decimalText(segment.daysSince, context, 0)}</td></tr>`,
  );
  return scrollRegion(
    inLanguage(view.title, context),
    html`<table class="data"><thead><tr><th scope="col">${text.rfmSegment}</th><th scope="col">${text.rfmCustomers}</th><th scope="col">${text.rfmShare}</th><th scope="col">${text.rfmNetAmount}</th><th scope="col">${text.rfmPerCustomer}</th><th scope="col">${text.rfmDaysSince}</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function summaryOf(segments: readonly Segment[], context: PageContext): string {
  const [largest] = segments;
  if (!largest) return context.text.stateEmpty;
  return context.text.rfmSummary(
    countText(segments.length, context),
    inLanguage(largest.label, context),
    largest.share === null ? noValueSign : formatRatio(largest.share, context.language),
  );
}

export function rfm(view: View, span: string, context: PageContext): SafeHtml {
  const { text, language } = context;
  const segments = readSegments(view, language);
  const summary = `${inLanguage(view.title, context)}. ${summaryOf(segments, context)}`;
  const items = segments.map((segment) => itemOf(segment, context));
  const pictures = (span === 'span-12' ? alone : besideGrid).map((size) => {
    const { picture, numbered } = drawTreemap(items, size, summary);
    return html`${picture}${keyList(numbered, size.className, context)}`;
  });
  return card(
    view,
    {
      id: 'rfm',
      span,
      title: text.rfmQuestion,
      aid: html`<span class="not-narrow">${text.rfmAid}</span><span class="narrow-only">${text.rfmBarsAid}</span>`,
      body: html`${scaleLegend(segments, context)}${pictures}${withoutArea(segments, view, context)}${bars(segments, view, context)}`,
      ...(segments.length > 0 && { table: segmentTable(segments, view, context) }),
    },
    context,
  );
}
