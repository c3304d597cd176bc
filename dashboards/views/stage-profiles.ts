// What each stage is for: the business's question beside the customer's goal, who looks after it, by which means.
import { formatPeriod } from '../../functions/core/format/date-format.ts';
import type { LocalisedText, View } from '../../functions/core/snapshot.ts';
import { html, type SafeHtml } from '../markup.ts';
import { countText, decimalText, inLanguage, type PageContext, ratioText } from '../page-context.ts';
import { type LifecyclePlace, readStage, type Stage, stageName, stageSwatch, titleIn } from '../stages.ts';
import { type RowReader, readRows } from '../view-reader.ts';
import { card } from './card.ts';
import { kpiValueText } from './kpi.ts';
import type { Occupancy } from './stage-occupancy.ts';

interface Item {
  readonly kind: string;
  readonly text: LocalisedText;
  readonly value: number | null;
  readonly unit: string;
  readonly withinDays: number | null;
  readonly month: string | null;
  readonly state: string | null;
}

interface Profile {
  readonly stage: Stage;
  readonly items: readonly Item[];
}

function readItem(row: RowReader): Item {
  return {
    kind: row.label('item_kind'),
    text: { tr: row.text('text_tr') ?? '', en: row.text('text_en') ?? '' },
    value: row.number('value'),
    unit: row.text('unit') ?? '',
    withinDays: row.number('within_days'),
    month: row.text('period_start'),
    state: row.text('state'),
  };
}

function readProfiles(view: View, { paints }: LifecyclePlace): readonly Profile[] {
  const groups = Map.groupBy(readRows(view), (row) => row.label('stage_id'));
  return [...groups.values()]
    .flatMap((rows): Profile[] => {
      const stage = rows[0] && readStage(rows[0], paints);
      return stage ? [{ stage, items: rows.map(readItem) }] : [];
    })
    .sort((a, b) => a.stage.rank - b.stage.rank);
}

function ofKind(profile: Profile, kind: string): readonly Item[] {
  return profile.items.filter((item) => item.kind === kind);
}

function names(profile: Profile, kind: string, context: PageContext): string {
  return ofKind(profile, kind)
    .map((item) => inLanguage(item.text, context))
    .join(', ');
}

function term(name: string, value: string): SafeHtml | null {
  return value === '' ? null : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function stateLine(profile: Profile, occupancy: Occupancy | null, context: PageContext): SafeHtml {
  const { stages: text, customers } = context.text;
  const counted = occupancy?.stages.find(({ stage }) => stage.id === profile.stage.id);
  const count = counted && (counted.now === null ? text.hidden : customers(countText(counted.now, context)));
  const [target] = ofKind(profile, 'target');
  const wanted = target
    ? `${text.withinDays(ratioText(target.value, context), decimalText(target.withinDays, context, 0))}${
        target.state === 'default' ? ` (${text.isDefault})` : ''
      }`
    : text.noTarget;
  return html`<p class="state">${count && html`<b>${count}</b> · `}${target && `${text.stageTarget} `}${wanted}</p>`;
}

function pair(profile: Profile, context: PageContext): SafeHtml | null {
  const { stages: text } = context.text;
  const sides = [
    [text.question, names(profile, 'question', context)],
    [text.customerGoal, names(profile, 'customer_goal', context)],
  ].filter(([, value]) => value !== '');
  return sides.length === 0
    ? null
    : html`<div class="pair">${sides.map(([name, value]) => html`<div><h4>${name}</h4><p>${value}</p></div>`)}</div>`;
}

function kpiItem(item: Item, context: PageContext): SafeHtml {
  const { text, language } = context;
  const known: Readonly<Record<string, string>> = text.nullReasons;
  const value = (): SafeHtml => {
    if (item.state === 'planned') return html`<span class="flat">${text.stages.planned}</span>`;
    if (item.value === null)
      return html`<span class="flat">${known[item.state ?? ''] ?? text.noValue}</span>`;
    const month = item.month === null ? '' : formatPeriod(item.month, 'month', language);
    return html`<b title="${month}">${kpiValueText(item.value, item.unit, context)}</b>`;
  };
  return html`<li><span>${inLanguage(item.text, context)}</span>${value()}</li>`;
}

function kpiMonth(profiles: readonly Profile[], context: PageContext): string | null {
  const months = profiles.flatMap((profile) => ofKind(profile, 'kpi').flatMap(({ month }) => month ?? []));
  const newest = months.sort().at(-1);
  return newest === undefined ? null : formatPeriod(newest, 'month', context.language);
}

function profileCard(profile: Profile, occupancy: Occupancy | null, context: PageContext): SafeHtml {
  const { stages: text } = context.text;
  const strategies = ofKind(profile, 'strategy');
  const kpis = ofKind(profile, 'kpi');
  return html`<article class="profile"><div><h3>${stageSwatch(profile.stage.paint)}<span class="rank">${profile.stage.rank}</span><span>${stageName(profile.stage, context)}</span></h3>${stateLine(profile, occupancy, context)}</div>${pair(profile, context)}<dl>${term(text.responsible, names(profile, 'responsible_role', context))}${term(text.supporting, names(profile, 'supporting_role', context))}${term(text.channels, names(profile, 'channel', context))}${term(text.marketingChannels, names(profile, 'marketing_channel', context))}</dl>${
    strategies.length > 0 &&
    html`<div><h4>${text.strategies}</h4><ul class="plain">${strategies.map((item) => html`<li>${inLanguage(item.text, context)}</li>`)}</ul></div>`
  }${
    kpis.length > 0 &&
    html`<div><h4>${text.kpis}</h4><ul class="figures">${kpis.map((item) => kpiItem(item, context))}</ul></div>`
  }</article>`;
}

export function stageProfiles(
  view: View,
  span: string,
  place: LifecyclePlace,
  occupancy: Occupancy | null,
  context: PageContext,
): SafeHtml {
  const { stages: text } = context.text;
  const profiles = readProfiles(view, place);
  const month = kpiMonth(profiles, context);
  return card(
    view,
    {
      id: `profiles${place.suffix}`,
      span: `${span} profiles-card`,
      title: titleIn(place, text.profilesQuestion, context),
      aid: month === null ? text.profilesAid : `${text.profilesAid} ${text.kpis}: ${month}.`,
      body:
        profiles.length === 0
          ? html`<div class="card-blank"></div>`
          : html`<div class="profiles">${profiles.map((profile) => profileCard(profile, occupancy, context))}</div>`,
    },
    context,
  );
}
