// The lifecycle of an invented store, as rows that SQL would give: the views' own `shape` makes what is published.
import type { LifecycleSummary, LocalisedText, View } from '../../functions/core/snapshot.ts';
import { stageDropoff } from '../../functions/core/views/stage-dropoff.ts';
import { stageFlow } from '../../functions/core/views/stage-flow.ts';
import { stageHistory } from '../../functions/core/views/stage-history.ts';
import { stageOccupancy } from '../../functions/core/views/stage-occupancy.ts';
import { stageProfiles } from '../../functions/core/views/stage-profiles.ts';
import type { SourceRow, ViewSource } from '../../functions/core/views/view-source.ts';
import { profileItems } from './stage-profile-fixture.ts';
import { aView, monthsUntil, wobble } from './view-builder.ts';

export interface StageRecipe {
  readonly id: string;
  readonly tr: string;
  readonly en: string;
  /** Customers on the as-of day. */
  readonly now: number;
  /** Growth in a month. */
  readonly growth?: number;
  readonly rate?: number | null;
  readonly target?: number | null;
  readonly targetSource?: 'default' | 'project';
  readonly withinDays?: number;
  readonly benchmark?: number;
  readonly entered?: number;
  readonly parent?: { readonly id: string } & LocalisedText;
}

export interface LifecycleRecipe {
  readonly id: string;
  readonly label: LocalisedText;
  readonly stages: readonly StageRecipe[];
  readonly lapsed: number;
}

export const shopRecipe: LifecycleRecipe = {
  id: 'ecommerce',
  label: { tr: 'E-ticaret yaşam döngüsü', en: 'E-commerce lifecycle' },
  lapsed: 21_480,
  stages: [
    {
      id: 'reach',
      tr: 'Erişim ve farkındalık',
      en: 'Reach and awareness',
      now: 18_240,
      rate: 0.0262,
      target: 0.03,
      entered: 3_900,
    },
    {
      id: 'acquisition',
      tr: 'Edinme ve dönüşüm',
      en: 'Acquisition and conversion',
      now: 9_130,
      growth: 0.03,
      rate: 0.253,
      target: 0.3,
      entered: 1_120,
    },
    {
      id: 'nurture',
      tr: 'Geliştirme ve besleme',
      en: 'Develop and nurture',
      now: 4_370,
      growth: 0.01,
      rate: 0.231,
      target: 0.2,
      withinDays: 90,
      entered: 420,
    },
    {
      id: 'retention',
      tr: 'Elde tutma',
      en: 'Retention',
      now: 5_660,
      growth: 0.04,
      rate: 0.084,
      target: 0.1,
      withinDays: 180,
      targetSource: 'project',
      entered: 510,
    },
    {
      id: 'advocacy',
      tr: 'Savunuculuk',
      en: 'Advocacy',
      now: 1_140,
      growth: 0.05,
      target: null,
      entered: 90,
    },
  ],
};

/** More stages than there are colours, every third without a target. */
export function twelveStages(name: string): LifecycleRecipe {
  return {
    id: 'twelve',
    label: { tr: 'On iki aşama', en: 'Twelve stages' },
    lapsed: 3_000,
    stages: Array.from({ length: 12 }, (_, index) => ({
      id: `stage_${index + 1}`,
      tr: `Aşama ${index + 1} ${name}`.trim(),
      en: `Stage ${index + 1} ${name}`.trim(),
      now: Math.round(9_000 / (index + 1)),
      rate: 0.4 / (index + 1),
      target: index % 3 === 0 ? null : 0.2,
      entered: 300,
    })),
  };
}

export function lifecycleOf(recipe: LifecycleRecipe): LifecycleSummary {
  return {
    id: recipe.id,
    version: 1,
    label: recipe.label,
    stages: recipe.stages.map(({ id, tr, en, parent }, index) => ({
      id,
      label: { tr, en },
      order: index + 1,
      ...(parent && { parent: parent.id }),
    })),
  };
}

const lapsed = (now: number): StageRecipe => ({
  id: 'lapsed',
  tr: 'Pasif',
  en: 'Lapsed',
  now,
  growth: 0.035,
});

function ranked({ stages, lapsed: now }: LifecycleRecipe): readonly (readonly [number, StageRecipe])[] {
  return [[0, lapsed(now)], ...stages.map((stage, index) => [index + 1, stage] as const)];
}

/** Customers `months` months ago. */
function countAt(stage: StageRecipe, rank: number, months: number): number {
  const season = months === 0 ? 1 : 1 + 0.05 * wobble(months * 7 + rank);
  return Math.round((stage.now * season) / (1 + (stage.growth ?? 0.02)) ** months);
}

function stageRow(stage: StageRecipe, rank: number): SourceRow {
  return {
    stage_id: stage.id,
    stage_rank: rank,
    label_tr: stage.tr,
    label_en: stage.en,
    parent_stage_id: stage.parent?.id ?? null,
    parent_label_tr: stage.parent?.tr ?? null,
    parent_label_en: stage.parent?.en ?? null,
  };
}

export function occupancyRows(recipe: LifecycleRecipe, hasBefore = true): readonly SourceRow[] {
  return ranked(recipe).map(([rank, stage]) => ({
    ...stageRow(stage, rank),
    occupancy_date: '2026-10-17',
    count_customers: countAt(stage, rank, 0),
    date_before: '2026-09-17',
    count_customers_before: hasBefore ? countAt(stage, rank, 1) : null,
  }));
}

function monthEnd(firstDay: string): string {
  const next = new Date(`${firstDay}T00:00:00Z`);
  next.setUTCMonth(next.getUTCMonth() + 1, 0);
  return next.toISOString().slice(0, 10);
}

export function historyRows(recipe: LifecycleRecipe, months = 18): readonly SourceRow[] {
  const ends = monthsUntil('2026-09', months).map((month) => [monthEnd(month), true] as const);
  const days = [...ends, ['2026-10-17', false] as const];
  return days.flatMap(([date, isMonthEnd], index) =>
    ranked(recipe).map(([rank, stage]) => ({
      ...stageRow(stage, rank),
      occupancy_date: date,
      is_month_end: isMonthEnd,
      count_customers: countAt(stage, rank, days.length - 1 - index),
    })),
  );
}

/** Shares that go from a rank: most stay, some advance, few skip, fall back or lapse. */
function shareOf(from: number, to: number, last: number): number {
  if (from === 0) return to === 1 ? 0.021 : to === 2 ? 0.004 : 0;
  if (to === 0) return 0.06 / from;
  if (to === from + 1) return 0.07 / from;
  if (to > from) return 0.012 / (to - from);
  if (to < from) return 0.018 / (from - to) / Math.max(1, last / 5);
  return 0;
}

function flowRow(
  from: readonly [number | null, StageRecipe | null],
  to: readonly [number, StageRecipe],
  count: number,
): SourceRow {
  const [fromRank, fromStage] = from;
  const [toRank, toStage] = to;
  return {
    period_start: '2026-09-01',
    from_stage_id: fromStage?.id ?? 'outside',
    from_rank: fromRank,
    from_label_tr: fromStage?.tr ?? 'Henüz girmedi',
    from_label_en: fromStage?.en ?? 'Not yet entered',
    to_stage_id: toStage.id,
    to_rank: toRank,
    to_label_tr: toStage.tr,
    to_label_en: toStage.en,
    count_customers: count,
  };
}

export function flowRows(recipe: LifecycleRecipe): readonly SourceRow[] {
  const stages = ranked(recipe);
  const moved = stages.flatMap((from) => {
    const [rank, stage] = from;
    const size = countAt(stage, rank, 1);
    const moves = stages
      .filter(([to]) => to !== rank)
      .map((to) => ({ to, count: Math.round(size * shareOf(rank, to[0], stages.length - 1)) }));
    const stayed = size - moves.reduce((sum, { count }) => sum + count, 0);
    return [...moves, { to: from, count: stayed }].map(({ to, count }) => flowRow(from, to, count));
  });
  const entered = stages
    .filter(([rank]) => rank > 0 && rank < 4)
    .map((to) => {
      const [rank, stage] = to;
      return flowRow([null, null], to, Math.round((stage.now * 0.15) / rank ** 2));
    });
  return [...entered, ...moved].filter(({ count_customers }) => Number(count_customers) > 0);
}

function dropoffMonths(stage: StageRecipe, rank: number): readonly SourceRow[] {
  const rate = stage.rate ?? null;
  if (rate === null) return [];
  return monthsUntil('2026-09', 12).map((entry_month, index) => {
    const entered = Math.round((stage.entered ?? stage.now / 10) * (1 + 0.1 * wobble(index + rank)));
    const mature = index === 11 ? Math.round(entered * 0.6) : entered;
    const advanced = Math.min(mature, Math.round(mature * rate * (1 + 0.08 * wobble(index * 3 + rank))));
    const lost = stage.target
      ? Math.max(0, stage.target - (mature === 0 ? 0 : advanced / mature)) * mature
      : null;
    return {
      entry_month,
      count_entered: entered,
      count_mature: mature,
      count_advanced: advanced,
      count_shortfall: lost,
    };
  });
}

function addUp(rows: readonly SourceRow[], key: string): number | null {
  const values = rows.map((row) => row[key]);
  return values.length === 0 || values.some((value) => value === null)
    ? null
    : values.reduce<number>((sum, value) => sum + Number(value), 0);
}

export function dropoffRows(recipe: LifecycleRecipe): readonly SourceRow[] {
  return recipe.stages.slice(0, -1).flatMap((stage, index) => {
    const months = dropoffMonths(stage, index + 1);
    const keys = ['count_entered', 'count_mature', 'count_advanced', 'count_shortfall'];
    const sums = Object.fromEntries(keys.map((key) => [key, addUp(months, key)]));
    const head = {
      ...stageRow(stage, index + 1),
      target_rate: stage.target ?? null,
      target_source: stage.target ? (stage.targetSource ?? 'default') : null,
      within_days: stage.withinDays ?? 30,
      benchmark_rate: stage.benchmark ?? null,
      benchmark_source: stage.benchmark ? 'Örnek Araştırma (2024)' : null,
    };
    return [...months, { entry_month: null, ...sums }].map((row) => ({ ...head, ...row }));
  });
}

export function profileRows(recipe: LifecycleRecipe): readonly SourceRow[] {
  return recipe.stages.flatMap((stage, index) =>
    profileItems(index, stage.target ?? null, stage.withinDays ?? 30).map((item) => ({
      ...stageRow(stage, index + 1),
      ...item,
    })),
  );
}

/** What the publisher would make of the rows. */
export function publishedView(
  source: ViewSource,
  rows: readonly SourceRow[],
  overrides: Partial<View> = {},
): View {
  const shaped = source.shape(rows, { minimumGroup: 10, currency: 'TRY' });
  return aView(source.kind, {
    id: source.id,
    ...(source.lifecycle === undefined ? {} : { lifecycle: source.lifecycle }),
    grain: source.grain,
    title: source.title,
    columns: source.columns,
    rows: shaped.rows,
    definition: { text: source.definition, sqlModel: source.sqlModel, version: '1' },
    status: shaped.rows.length === 0 ? 'empty' : shaped.suppressed > 0 ? 'suppressed' : 'ok',
    ...(shaped.suppressed > 0 && { suppressed: { k: 10, rows: shaped.suppressed } }),
    ...overrides,
  });
}

type MakeView = (overrides?: Partial<View>, recipe?: LifecycleRecipe) => View;

export const occupancyView: MakeView = (overrides, recipe = shopRecipe) =>
  publishedView(stageOccupancy(lifecycleOf(recipe)), occupancyRows(recipe), overrides);
export const historyView: MakeView = (overrides, recipe = shopRecipe) =>
  publishedView(stageHistory(lifecycleOf(recipe)), historyRows(recipe), overrides);
export const flowView: MakeView = (overrides, recipe = shopRecipe) =>
  publishedView(stageFlow(lifecycleOf(recipe)), flowRows(recipe), overrides);
export const dropoffView: MakeView = (overrides, recipe = shopRecipe) =>
  publishedView(stageDropoff(lifecycleOf(recipe)), dropoffRows(recipe), overrides);
export const profilesView: MakeView = (overrides, recipe = shopRecipe) =>
  publishedView(stageProfiles(lifecycleOf(recipe)), profileRows(recipe), overrides);

/** All views of a lifecycle. */
export function stageViews(recipe: LifecycleRecipe = shopRecipe): readonly View[] {
  return [occupancyView, historyView, flowView, dropoffView, profilesView].map((make) => make({}, recipe));
}
