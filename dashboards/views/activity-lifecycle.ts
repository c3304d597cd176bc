// Is the base leaking? New, resurrected and returning customers above zero, dormant ones below.
import { formatMonthName, formatPeriod } from '../../functions/core/format/date-format.ts';
import { formatAxisCount, formatNumber } from '../../functions/core/format/number-format.ts';
import type { View, ViewGrain } from '../../functions/core/snapshot.ts';
import {
  type LifecycleBar,
  type LifecycleChart,
  type LifecycleKind,
  lifecycleBars,
} from '../charts/lifecycle-bars.ts';
import { html, type SafeHtml } from '../markup.ts';
import { countText, inLanguage, noValueSign, type PageContext } from '../page-context.ts';
import { readRows } from '../view-reader.ts';
import { card, scrollRegion } from './card.ts';

export interface ActivityPeriod {
  readonly start: string;
  readonly isNew: number | null;
  readonly returning: number | null;
  readonly resurrected: number | null;
  readonly dormant: number | null;
  readonly isComplete: boolean;
}

const periodsShown = 24;
const periodsOnPhone = 12;

function readActivity(view: View): readonly ActivityPeriod[] {
  return readRows(view)
    .map((row) => ({
      start: row.label('period_start'),
      isNew: row.number('count_new'),
      returning: row.number('count_returning'),
      resurrected: row.number('count_resurrected'),
      dormant: row.number('count_dormant'),
      isComplete: row.flag('is_complete'),
    }))
    .sort((a, b) => (a.start < b.start ? -1 : 1))
    .slice(-periodsShown);
}

/**
 * Null when nobody went dormant or a part is unknown: then there is no ratio. Null, too, before the period
 * has ended: whoever has not bought yet still counts as dormant.
 */
export function pulseOf(period: ActivityPeriod): number | null {
  if (!period.isComplete || period.isNew === null || period.resurrected === null || !period.dormant)
    return null;
  return (period.isNew + period.resurrected) / period.dormant;
}

function barOf(period: ActivityPeriod, grain: ViewGrain, context: PageContext): LifecycleBar {
  const { text, language } = context;
  const name = formatPeriod(period.start, grain, language);
  const suffix = period.isComplete ? '' : ` (${text.partial})`;
  return {
    key: period.start,
    tick:
      grain === 'month'
        ? formatMonthName(period.start, language)
        : formatPeriod(period.start, grain, language, 'short'),
    era: grain === 'month' ? period.start.slice(0, 4) : '',
    isComplete: period.isComplete,
    title: summaryOf(period, `${name}${suffix}`, context),
    above: [
      { kind: 'returning', value: period.returning ?? 0 },
      { kind: 'resurrected', value: period.resurrected ?? 0 },
      { kind: 'new', value: period.isNew ?? 0 },
    ],
    below: { kind: 'dormant', value: period.dormant ?? 0 },
  };
}

function summaryOf(period: ActivityPeriod, name: string, context: PageContext): string {
  return context.text.lifecycleSummary(
    name,
    countText(period.isNew, context),
    countText(period.resurrected, context),
    countText(period.returning, context),
    countText(period.dormant, context),
  );
}

function legend(last: ActivityPeriod | undefined, view: View, context: PageContext): SafeHtml {
  const { text } = context;
  const entry = (kind: LifecycleKind, label: string, value: number | null | undefined): SafeHtml =>
    html`<li><svg class="swatch" viewBox="0 0 12 12" aria-hidden="true"><rect class="f-${kind}" width="12" height="12" rx="2"/></svg>${label}${
      last && html` <b>${countText(value ?? null, context)}</b>`
    }</li>`;
  return html`<ul class="legend">${last && html`<li>${formatPeriod(last.start, view.grain, context.language)}</li>`}${entry('new', text.isNew, last?.isNew)}${entry('resurrected', text.resurrected, last?.resurrected)}${entry('returning', text.returning, last?.returning)}${entry('dormant', text.dormant, last?.dormant)}</ul>`;
}

function activityTable(periods: readonly ActivityPeriod[], view: View, context: PageContext): SafeHtml {
  const { text, language } = context;
  const hidden = view.suppressed ? text.lessThan(countText(view.suppressed.k, context)) : noValueSign;
  const cell = (value: number | null): SafeHtml =>
    html`<td>${value === null ? hidden : countText(value, context)}</td>`;
  const rows = periods.toReversed().map((period) => {
    const pulse = pulseOf(period);
    return html`<tr><th scope="row">${formatPeriod(period.start, view.grain, language)}${
      !period.isComplete && html` <small>${text.partial}</small>`
    }</th>${cell(period.isNew)}${cell(period.resurrected)}${cell(period.returning)}${cell(period.dormant)}<td>${pulse === null ? noValueSign : formatNumber(pulse, language, 2)}</td></tr>`;
  });
  return scrollRegion(
    inLanguage(view.title, context),
    html`<table class="data"><thead><tr><th scope="col">${text.periodColumn}</th><th scope="col">${text.isNew}</th><th scope="col">${text.resurrected}</th><th scope="col">${text.returning}</th><th scope="col">${text.dormant}</th><th scope="col">${text.pulse}</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

function charts(
  periods: readonly ActivityPeriod[],
  view: View,
  isWide: boolean,
  context: PageContext,
): SafeHtml {
  const last = periods.findLast((period) => period.isComplete) ?? periods.at(-1);
  const summary = last
    ? summaryOf(last, formatPeriod(last.start, view.grain, context.language), context)
    : context.text.stateEmpty;
  const largest = Math.max(
    0,
    ...periods.map((period) => (period.isNew ?? 0) + (period.resurrected ?? 0) + (period.returning ?? 0)),
    ...periods.map((period) => period.dormant ?? 0),
  );
  const shared: Omit<LifecycleChart, 'id' | 'width' | 'height' | 'className'> = {
    summary: `${inLanguage(view.title, context)}. ${summary}`,
    partialLabel: context.text.partial,
    formatTick: (value) => formatAxisCount(value, largest, context.language),
    tickRoom: view.grain === 'month' ? 34 : 96,
  };
  const bars = periods.map((period) => barOf(period, view.grain, context));
  const phone = { ...shared, width: 260, height: 250, id: 'lifecycle-phone', className: 'phone-only' };
  const onPhone = lifecycleBars(bars.slice(-periodsOnPhone), phone);
  if (!isWide) {
    const pair = { width: 460, height: 370, id: 'lifecycle-pair', className: 'not-phone chart-medium' };
    return html`${lifecycleBars(bars, { ...shared, ...pair })}${onPhone}`;
  }
  const medium = { width: 620, height: 330, id: 'lifecycle-medium', className: 'only-medium' };
  const wide = { width: 1240, height: 320, id: 'lifecycle-wide', className: 'only-wide' };
  return html`${lifecycleBars(bars, { ...shared, ...wide })}${lifecycleBars(bars, { ...shared, ...medium })}${onPhone}`;
}

export function activityLifecycle(view: View, span: string, context: PageContext): SafeHtml {
  const { text, language } = context;
  const periods = readActivity(view);
  const last = periods.findLast((period) => period.isComplete);
  const pulse = last ? pulseOf(last) : null;
  return card(
    view,
    {
      id: 'lifecycle',
      span,
      title: text.lifecycleQuestion,
      ...(last && {
        figure: html`<p class="figure"><span title="${text.pulseHint}">${text.pulse}</span> <b>${pulse === null ? noValueSign : formatNumber(pulse, language, 2)}</b> <small>${formatPeriod(last.start, view.grain, language)}</small></p>`,
      }),
      aid: `${text.lifecycleAid} ${text.pulse}: ${text.pulseHint}.`,
      body: html`${legend(last, view, context)}${charts(periods, view, span === 'span-12', context)}`,
      ...(periods.length > 0 && { table: activityTable(periods, view, context) }),
    },
    context,
  );
}
