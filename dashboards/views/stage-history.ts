// Which stages grow? Areas in stage order over the ends of the last months, and the as-of day.
import { formatDay, formatMonthName } from '../../functions/core/format/date-format.ts';
import { formatAxisCount } from '../../functions/core/format/number-format.ts';
import type { View } from '../../functions/core/snapshot.ts';
import { numberKey } from '../charts/labels.ts';
import {
  type AreaBand,
  type AreaChart,
  type AreaContent,
  type AreaMark,
  type AreaPoint,
  stackedArea,
} from '../charts/stacked-area.ts';
import { html, type SafeHtml } from '../markup.ts';
import { countText, inLanguage, type PageContext } from '../page-context.ts';
import { byRank, type LifecyclePlace, readStage, type Stage, stageName, titleIn } from '../stages.ts';
import { readRows } from '../view-reader.ts';
import { card, scrollRegion } from './card.ts';

const DAY_MILLISECONDS = 86_400_000;

interface Day {
  readonly date: string;
  readonly isMonthEnd: boolean;
  readonly counts: ReadonlyMap<string, number | null>;
  readonly total: number | null;
}

interface History {
  readonly days: readonly Day[];
  /** In stage order, lapsed last. */
  readonly stages: readonly Stage[];
}

export function readHistory(view: View, { paints }: LifecyclePlace): History {
  const rows = readRows(view);
  const stages = new Map<string, Stage>();
  for (const row of rows) {
    const stage = readStage(row, paints);
    if (stage) stages.set(stage.id, stage);
  }
  const days = [...Map.groupBy(rows, (row) => row.label('occupancy_date'))].map(([date, ofDay]): Day => {
    const counts = ofDay.flatMap((row): [string, number | null][] => {
      const id = row.text('stage_id');
      return id === null ? [] : [[id, row.number('count_customers')]];
    });
    return {
      date,
      isMonthEnd: ofDay[0]?.flag('is_month_end') ?? false,
      counts: new Map(counts),
      total: ofDay.find((row) => row.text('stage_id') === null)?.number('count_customers') ?? null,
    };
  });
  return {
    days: days.sort((a, b) => (a.date < b.date ? -1 : 1)),
    stages: [...stages.values()].sort(byRank),
  };
}

const dayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MILLISECONDS;

function lastText(day: Day | undefined, stage: Stage, context: PageContext): string {
  const count = day?.counts.get(stage.id) ?? null;
  return count === null ? context.text.stages.hidden : countText(count, context);
}

function summaryOf(day: Day, { stages }: History, context: PageContext): string {
  return stages.map((stage) => `${stageName(stage, context)} ${lastText(day, stage, context)}`).join(', ');
}

function bandOf(stage: Stage, history: History, context: PageContext): AreaBand {
  return {
    name: stageName(stage, context),
    number: stage.rank,
    paint: stage.paint,
    values: history.days.map((day) => day.counts.get(stage.id) ?? 0),
    lastText: lastText(history.days.at(-1), stage, context),
  };
}

/** What the small groups of each day are together, so that the stack keeps its height; null where none is hidden. */
function hiddenBand({ days, stages }: History, context: PageContext): AreaBand | null {
  const values = days.map(({ total, counts }) => {
    const shown = stages.reduce((sum, { id }) => sum + (counts.get(id) ?? 0), 0);
    return total === null ? 0 : Math.max(0, total - shown);
  });
  if (values.every((value) => value === 0)) return null;
  const last = values.at(-1) ?? 0;
  return {
    name: context.text.stages.hiddenGroups,
    number: 0,
    paint: { className: 'st-lapsed', isExtra: true },
    values,
    lastText: last === 0 ? '' : countText(last, context),
  };
}

function marksOf(
  view: View,
  days: readonly Day[],
  context: PageContext,
): readonly (AreaMark & { date: string })[] {
  const [first, last] = [days[0]?.date ?? '', days.at(-1)?.date ?? ''];
  return (view.annotations ?? [])
    .filter(({ date }) => date >= first && date <= last)
    .toSorted((a, b) => (a.date < b.date ? -1 : 1))
    .map(({ date, label }, index) => ({
      day: dayNumber(date),
      date,
      number: index + 1,
      title: inLanguage(label, context),
    }));
}

function contentOf(view: View, history: History, context: PageContext): AreaContent {
  const { language, text } = context;
  const ranked = history.stages.filter(({ rank }) => rank > 0);
  const lapsed = history.stages.find(({ rank }) => rank === 0);
  const hidden = hiddenBand(history, context);
  return {
    points: history.days.map(
      ({ date, isMonthEnd }): AreaPoint => ({
        day: dayNumber(date),
        tick: formatMonthName(date, language),
        era: date.slice(0, 4),
        isMonthEnd,
        title: formatDay(date, language),
      }),
    ),
    bands: [...(hidden ? [hidden] : []), ...ranked.map((stage) => bandOf(stage, history, context))],
    apart: lapsed
      ? { ...bandOf(lapsed, history, context), title: text.stages.ownScale(stageName(lapsed, context)) }
      : null,
    marks: marksOf(view, history.days, context),
  };
}

export function keyList(
  key: ReturnType<typeof numberKey>,
  className: string,
  context: PageContext,
): SafeHtml | null {
  if (key.length === 0) return null;
  return html`<ul class="numbers ${className}" aria-label="${context.text.stages.numberedStages}">${key.map(
    ({ number, name }) => html`<li><b>${number}</b><span>${name}</span></li>`,
  )}</ul>`;
}

/** The heights hold so many stages with their labels; each further one adds some. */
const stagesInHeight = 7;
const roomOfStage = 22;

const sizes = [
  { width: 640, height: 400, labelRoom: 190, className: 'not-narrow chart-side' },
  { width: 300, height: 440, labelRoom: 104, className: 'narrow-only chart-narrow' },
];

function charts(view: View, history: History, context: PageContext): SafeHtml {
  const { text, language } = context;
  const [first, last] = [history.days[0], history.days.at(-1)];
  if (!first || !last) return html`<div class="card-blank"></div>`;
  const content = contentOf(view, history, context);
  const summary = text.stages.historySummary(
    formatDay(first.date, language),
    formatDay(last.date, language),
    summaryOf(last, history, context),
  );
  const drawings = sizes.map((fixed) => {
    const size = {
      ...fixed,
      height: fixed.height + roomOfStage * Math.max(0, history.stages.length - stagesInHeight),
    };
    const chart: AreaChart = {
      ...size,
      summary: `${inLanguage(view.title, context)}. ${summary}`,
      partialLabel: text.partial,
      formatTick: (value, largest) => formatAxisCount(value, largest, language),
    };
    const { picture, labels } = stackedArea(content, chart);
    const shown = size.className.startsWith('not') ? 'not-narrow' : 'narrow-only';
    return html`${picture}${keyList(numberKey(labels, shown), shown, context)}`;
  });
  return html`${drawings}${markList(marksOf(view, history.days, context), context)}`;
}

function markList(marks: readonly (AreaMark & { date: string })[], context: PageContext): SafeHtml | null {
  if (marks.length === 0) return null;
  return html`<ul class="mark-list" aria-label="${context.text.stages.annotations}">${marks.map(
    ({ number, title, date }) =>
      html`<li><b>${number}</b><span>${formatDay(date, context.language)} · ${title}</span></li>`,
  )}</ul>`;
}

function table(view: View, history: History, context: PageContext): SafeHtml {
  const { text, language } = context;
  const rows = history.days
    .toReversed()
    .map(
      (day) =>
        html`<tr><th scope="row">${formatDay(day.date, language)}${!day.isMonthEnd && html` <small>${text.partial}</small>`}</th>${history.stages.map((stage) => html`<td>${lastText(day, stage, context)}</td>`)}<td>${day.total === null ? text.stages.hidden : countText(day.total, context)}</td></tr>`,
    );
  return scrollRegion(
    context.text.tableOf(inLanguage(view.title, context)),
    html`<table class="data matrix"><thead><tr><th scope="col">${text.stages.day}</th>${history.stages.map((stage) => html`<th scope="col">${stageName(stage, context)}</th>`)}<th scope="col">${text.stages.total}</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
}

export function stageHistory(
  view: View,
  span: string,
  place: LifecyclePlace,
  context: PageContext,
): SafeHtml {
  const { stages: text } = context.text;
  const history = readHistory(view, place);
  return card(
    view,
    {
      id: `history${place.suffix}`,
      span,
      title: titleIn(place, text.historyQuestion, context),
      aid: text.historyAid,
      body: charts(view, history, context),
      ...(history.days.length > 0 && { table: table(view, history, context) }),
    },
    context,
  );
}
