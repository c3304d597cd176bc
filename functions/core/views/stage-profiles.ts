import type { Cell, LifecycleSummary } from '../snapshot.ts';
import { sizeUnits } from './kpi-tiles.ts';
import { stageCells, stageColumns, titleOf } from './lifecycles.ts';
import {
  isSmallGroup,
  type PublishingRules,
  type SourceRow,
  sqlText,
  toCount,
  toMinorUnits,
  toText,
  type ViewSource,
  viewColumn,
} from './view-source.ts';

const noValue = 'cast(null as double) as value, cast(null as varchar) as unit, cast(null as bigint) as n';
const noState = 'cast(null as date) as period_start, cast(null as varchar) as state';
const stage = 'stages.stage_id, stages.stage_rank, stages.label_tr, stages.label_en';

/** A text of the stage's own. */
const textItem = (kind: string, tr: string, en: string): string => `
    select
        ${stage}, '${kind}' as item_kind, 1 as position, cast(null as varchar) as item_id,
        stages.${tr} as text_tr, stages.${en} as text_en, ${noValue}, ${noState}
    from stages where stages.${tr} is not null`;

/**
 * Names of a JSON list with their labels. An id is a word in quotation marks in the list's text, and its place in
 * that text is its place in the list: the same in every engine, which unnesting is not.
 */
const listItems = (kind: string, list: string, relation: string, key: string): string => `
    select
        ${stage}, '${kind}' as item_kind, strpos(stages.${list}, '"' || ${relation}.${key} || '"') as position,
        ${relation}.${key} as item_id, ${relation}.label_tr as text_tr, ${relation}.label_en as text_en,
        ${noValue}, ${noState}
    from stages
    inner join ${relation} on strpos(stages.${list}, '"' || ${relation}.${key} || '"') > 0`;

const roleItem = `
    select
        ${stage}, 'responsible_role' as item_kind, 1 as position, roles.role as item_id,
        roles.label_tr as text_tr, roles.label_en as text_en, ${noValue}, ${noState}
    from stages
    inner join roles on stages.responsible_role = roles.role`;

const targetItem = `
    select
        ${stage}, 'target' as item_kind, 1 as position, cast(null as varchar) as item_id,
        cast(null as varchar) as text_tr, cast(null as varchar) as text_en,
        stages.target_rate as value, 'ratio' as unit, cast(stages.within_days as bigint) as n,
        cast(null as date) as period_start, stages.target_source as state
    from stages where stages.target_rate is not null`;

const kpiItems = `
    select
        ${stage}, 'kpi' as item_kind, strpos(stages.kpis, '"' || known_kpis.kpi_id || '"') as position,
        known_kpis.kpi_id as item_id, known_kpis.label_tr as text_tr, known_kpis.label_en as text_en,
        kpi_months.value, known_kpis.unit, kpi_months.n, kpi_months.period_start,
        case
            when kpi_catalogue.kpi_id is null then 'planned'
            when kpi_months.value is null then coalesce(kpi_months.null_reason, 'no_data')
            else 'built'
        end as state
    from stages
    inner join known_kpis on strpos(stages.kpis, '"' || known_kpis.kpi_id || '"') > 0
    left join kpi_catalogue on known_kpis.kpi_id = kpi_catalogue.kpi_id
    left join kpi_months on known_kpis.kpi_id = kpi_months.kpi_id and kpi_months.months_ago = 1`;

function sqlOf(lifecycleId: string): string {
  return `
    with stages as (
        select
            stage_id, stage_rank, label_tr, label_en, question_tr, question_en, customer_goal_tr, customer_goal_en,
            responsible_role, supporting_roles, channels, marketing_channels, strategies_tr, strategies_en, kpis,
            target_rate, target_source, within_days
        from lifecycle_stages where lifecycle_id = ${sqlText(lifecycleId)} and stage_rank > 0
    ),
    kpi_months as (
        select
            kpi_id, value, n, period_start, null_reason,
            -- the lifecycle's own figure goes before the one of no lifecycle
            row_number() over (
                partition by kpi_id
                order by case when lifecycle_id is null then 1 else 0 end, period_start desc
            ) as months_ago
        from kpi_values
        where grain = 'month' and segment_type = 'all' and is_complete
            and (lifecycle_id is null or lifecycle_id = ${sqlText(lifecycleId)})
    )
    ${[
      textItem('question', 'question_tr', 'question_en'),
      textItem('customer_goal', 'customer_goal_tr', 'customer_goal_en'),
      textItem('strategies', 'strategies_tr', 'strategies_en'),
      targetItem,
      roleItem,
      listItems('supporting_role', 'supporting_roles', 'roles', 'role'),
      listItems('channel', 'channels', 'channels', 'channel'),
      listItems('marketing_channel', 'marketing_channels', 'marketing_channels', 'marketing_channel'),
      kpiItems,
    ].join('\n    union all')}
    order by 2, 5, 6, 7`;
}

/** The texts of a JSON list; a list that is none has no items. */
function textsOf(value: unknown): readonly string[] {
  const list: unknown = value === null || value === undefined ? [] : JSON.parse(String(value));
  return Array.isArray(list) ? list.map(String) : [];
}

/** The strategies of a stage are free texts in two parallel lists; every other row is one item already. */
function itemsOf(row: SourceRow): readonly SourceRow[] {
  if (row.item_kind !== 'strategies') return [row];
  const english = textsOf(row.text_en);
  return textsOf(row.text_tr).map((text, index) => ({
    ...row,
    item_kind: 'strategy',
    position: index + 1,
    text_tr: text,
    text_en: english[index] ?? text,
  }));
}

function publishedValue(row: SourceRow, { currency }: PublishingRules): number | null {
  return row.unit === 'money' ? toMinorUnits(row.value, currency) : toCount(row.value);
}

/** What each stage is for, who looks after it, by which means, and its figures. */
export const stageProfiles = (lifecycle: LifecycleSummary): ViewSource => ({
  id: `stage_profiles.${lifecycle.id}`,
  kind: 'stage_profiles',
  lifecycle: lifecycle.id,
  grain: 'month',
  title: titleOf(
    lifecycle,
    'Her aşamada ne sorulur, kim ne yapar?',
    'What is asked at each stage, and who does what?',
  ),
  columns: [
    ...stageColumns,
    viewColumn('item_kind', 'enum', 'Tür', 'Kind'),
    viewColumn('position', 'int', 'Sıra', 'Position'),
    viewColumn('item_id', 'text', 'Kimlik', 'Id'),
    viewColumn('text_tr', 'text', 'Metin (tr)', 'Text (tr)'),
    viewColumn('text_en', 'text', 'Metin (en)', 'Text (en)'),
    viewColumn('value', 'number', 'Değer', 'Value', { format: '0.0000' }),
    viewColumn('unit', 'enum', 'Birim', 'Unit'),
    viewColumn('within_days', 'int', 'Süre (gün)', 'Window (days)'),
    viewColumn('period_start', 'date', 'Ay', 'Month'),
    viewColumn('state', 'enum', 'Durum', 'State'),
  ],
  sql: sqlOf(lifecycle.id),
  sqlModel: 'lifecycle_stages',
  definition: {
    tr: 'Aşamaların şablondaki tanımı. Gösterge değeri son tamamlanan aya aittir; henüz hesaplanmayan göstergeler planlandı diye yazılır.',
    en: 'The stages as their template describes them. The value of an indicator is of the last complete month; an indicator that is not computed yet is said to be planned.',
  },
  shape: (rows, rules) => {
    let suppressed = 0;
    const shaped = rows.flatMap(itemsOf).map((row): Cell[] => {
      const isKpi = row.item_kind === 'kpi';
      const isHidden =
        isKpi && !sizeUnits.has(String(row.unit)) && isSmallGroup(toCount(row.n), rules.minimumGroup);
      suppressed += isHidden ? 1 : 0;
      return [
        ...stageCells(row),
        toText(row.item_kind),
        toCount(row.position),
        toText(row.item_id),
        toText(row.text_tr),
        toText(row.text_en),
        isHidden ? null : publishedValue(row, rules),
        toText(row.unit),
        isKpi ? null : toCount(row.n),
        toText(row.period_start),
        isHidden ? 'suppressed' : toText(row.state),
      ];
    });
    return { rows: shaped, suppressed };
  },
});
