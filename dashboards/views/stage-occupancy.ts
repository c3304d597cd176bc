// How many customers are in each stage now, in stage order, against a month before; lapsed ones apart.
import { formatDay } from '../../functions/core/format/date-format.ts';
import type { LocalisedText, View } from '../../functions/core/snapshot.ts';
import { html, type SafeHtml } from '../markup.ts';
import { countText, inLanguage, noValueSign, type PageContext, ratioText } from '../page-context.ts';
import {
  byRank,
  type LifecyclePlace,
  readStage,
  type Stage,
  stageName,
  stageRect,
  stageSwatch,
  titleIn,
} from '../stages.ts';
import { type RowReader, readRows } from '../view-reader.ts';
import { card, scrollRegion } from './card.ts';

export interface Counted {
  readonly now: number | null;
  readonly before: number | null;
}

export interface StageCount extends Counted {
  readonly stage: Stage;
  readonly parent: { readonly id: string; readonly label: LocalisedText } | null;
}

export interface Occupancy {
  /** In stage order, lapsed last. */
  readonly stages: readonly StageCount[];
  readonly total: Counted;
  readonly day: string | null;
  /** False where the lifecycle is younger than a month. */
  readonly hasMonthBefore: boolean;
}

function readCounted(row: RowReader | undefined): Counted {
  return {
    now: row?.number('count_customers') ?? null,
    before: row?.number('count_customers_before') ?? null,
  };
}

function readParent(row: RowReader): StageCount['parent'] {
  const id = row.text('parent_stage_id');
  if (id === null) return null;
  return { id, label: { tr: row.text('parent_label_tr') ?? id, en: row.text('parent_label_en') ?? id } };
}

export function readOccupancy(view: View, { paints }: LifecyclePlace): Occupancy {
  const rows = readRows(view);
  const stages = rows.flatMap((row): StageCount[] => {
    const stage = readStage(row, paints);
    return stage ? [{ stage, ...readCounted(row), parent: readParent(row) }] : [];
  });
  const total = readCounted(rows.find((row) => row.text('stage_id') === null));
  return {
    stages: stages.toSorted((a, b) => byRank(a.stage, b.stage)),
    total,
    day: rows[0]?.text('occupancy_date') ?? null,
    hasMonthBefore: total.before !== null || stages.some(({ before }) => before !== null),
  };
}

interface Drawing {
  readonly occupancy: Occupancy;
  readonly context: PageContext;
}

/** A count that is not there although its day is was hidden for being small. */
function countOrHidden(value: number | null, isKnown: boolean, context: PageContext): string {
  if (value !== null) return countText(value, context);
  return isKnown ? context.text.stages.hidden : noValueSign;
}

function shareText({ now }: Counted, { occupancy, context }: Drawing): string {
  const { now: total } = occupancy.total;
  return now === null || !total ? noValueSign : ratioText(now / total, context);
}

/** Neutral on purpose: whether a stage should grow is the business's to say. */
function changeText({ now, before }: Counted, { occupancy, context }: Drawing): SafeHtml | string {
  const { text } = context;
  if (!occupancy.hasMonthBefore) return text.stages.noMonthBefore;
  if (now === null || before === null) return text.stages.hidden;
  if (now === before) return text.unchanged;
  const isUp = now > before;
  const size = countText(Math.abs(now - before), context);
  const relative =
    before === 0 ? text.stages.monthBeforeZero : ratioText(Math.abs(now - before) / before, context);
  return html`${isUp ? '▲' : '▼'}<span class="visually-hidden"> ${isUp ? text.rose : text.fell}</span> ${size} · ${relative}`;
}

function bar(count: StageCount, largest: number): SafeHtml {
  const width = largest === 0 ? 0 : Math.round(((count.now ?? 0) / largest) * 1000) / 10;
  return html`<svg class="track" aria-hidden="true"><rect class="track-ground" width="100%" height="10"/>${
    width > 0 && stageRect(count.stage.paint, html`width="${width}%" height="10"`)
  }</svg>`;
}

function stageItem(count: StageCount, largest: number, drawing: Drawing): SafeHtml {
  const { context } = drawing;
  const { stage } = count;
  const number = stage.rank > 0 && html`<span class="rank">${stage.rank}</span>`;
  return html`<li${stage.rank === 0 && html` class="apart"`}><span class="name">${stageSwatch(stage.paint)}${number}<span>${stageName(stage, context)}</span></span><span class="count"><b>${countOrHidden(count.now, true, context)}</b> <small>${shareText(count, drawing)}</small></span>${bar(count, largest)}<span class="change">${changeText(count, drawing)}</span></li>`;
}

function totalItem(drawing: Drawing): SafeHtml {
  const { occupancy, context } = drawing;
  return html`<li class="apart"><span class="name all"><span>${context.text.stages.total}</span></span><span class="count"><b>${countOrHidden(occupancy.total.now, true, context)}</b></span><span></span><span class="change">${changeText(occupancy.total, drawing)}</span></li>`;
}

interface ParentCount extends Counted {
  readonly label: string;
  readonly parts: string;
}

function addUp(values: readonly (number | null)[]): number | null {
  return values.some((value) => value === null)
    ? null
    : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

/** What the split stages are together. */
function parentsOf({ occupancy, context }: Drawing): readonly ParentCount[] {
  const groups = Map.groupBy(
    occupancy.stages.filter(({ parent }) => parent !== null),
    ({ parent }) => parent?.id,
  );
  return [...groups.values()].flatMap((children) => {
    const parent = children[0]?.parent;
    if (!parent) return [];
    return [
      {
        label: inLanguage(parent.label, context),
        parts: children.map(({ stage }) => stage.rank).join(' + '),
        now: addUp(children.map(({ now }) => now)),
        before: addUp(children.map(({ before }) => before)),
      },
    ];
  });
}

function parentList(parents: readonly ParentCount[], drawing: Drawing): SafeHtml | null {
  if (parents.length === 0) return null;
  const { context } = drawing;
  const items = parents.map(
    (parent) =>
      html`<li><span class="name"><span>${parent.label} <small>${parent.parts}</small></span></span><span class="count"><b>${countOrHidden(parent.now, true, context)}</b> <small>${shareText(parent, drawing)}</small></span><span></span><span class="change">${changeText(parent, drawing)}</span></li>`,
  );
  return html`<p class="sub">${context.text.stages.underParents}</p><ul class="stages">${items}</ul>`;
}

function tableRow(name: string, count: Counted, drawing: Drawing): SafeHtml {
  const { occupancy, context } = drawing;
  return html`<tr><th scope="row">${name}</th><td>${countOrHidden(count.now, true, context)}</td><td>${shareText(count, drawing)}</td><td>${countOrHidden(count.before, occupancy.hasMonthBefore, context)}</td><td>${changeText(count, drawing)}</td></tr>`;
}

function table(parents: readonly ParentCount[], label: string, drawing: Drawing): SafeHtml {
  const { occupancy, context } = drawing;
  const { stages: text } = context.text;
  return scrollRegion(
    label,
    html`<table class="data"><thead><tr><th scope="col">${text.stage}</th><th scope="col">${text.customers}</th><th scope="col">${text.share}</th><th scope="col">${text.monthBefore}</th><th scope="col">${text.change}</th></tr></thead><tbody>${occupancy.stages.map((count) => tableRow(stageName(count.stage, context), count, drawing))}${parents.map((parent) => tableRow(`${parent.label} (${parent.parts})`, parent, drawing))}${tableRow(text.total, occupancy.total, drawing)}</tbody></table>`,
  );
}

export function stageOccupancy(
  view: View,
  span: string,
  place: LifecyclePlace,
  context: PageContext,
): SafeHtml {
  const { stages: text } = context.text;
  const occupancy = readOccupancy(view, place);
  const drawing = { occupancy, context };
  const parents = parentsOf(drawing);
  const largest = Math.max(0, ...occupancy.stages.map(({ now }) => now ?? 0));
  const isEmpty = occupancy.stages.length === 0;
  return card(
    view,
    {
      id: `occupancy${place.suffix}`,
      span,
      title: titleIn(place, text.occupancyQuestion, context),
      ...(occupancy.day && { aid: text.occupancyAid(formatDay(occupancy.day, context.language)) }),
      body: isEmpty
        ? html`<div class="card-blank"></div>`
        : html`<ol class="stages">${occupancy.stages.map((count) => stageItem(count, largest, drawing))}${totalItem(drawing)}</ol>${parentList(parents, drawing)}`,
      ...(!isEmpty && {
        table: table(parents, context.text.tableOf(inLanguage(view.title, context)), drawing),
      }),
    },
    context,
  );
}
