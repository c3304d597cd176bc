import type { Cell, LifecycleSummary } from '../snapshot.ts';
import { stageCells, stageColumns, titleOf } from './lifecycles.ts';
import {
  isSmallGroup,
  type PublishingRules,
  rowsToHide,
  type ShapedRows,
  type SourceRow,
  sqlText,
  toCount,
  toText,
  type ViewSource,
  viewColumn,
} from './view-source.ts';

const MONTHS_SHOWN = 12;
const countKeys = ['count_entered', 'count_mature', 'count_advanced'] as const;

function sqlOf(lifecycleId: string): string {
  return `
    with mature as (
        select
            stage_dropoffs.stage_id, stage_dropoffs.entry_month, stage_dropoffs.count_entered,
            stage_dropoffs.count_entered - stage_dropoffs.count_immature as count_mature,
            stage_dropoffs.count_advanced, stage_dropoffs.count_shortfall,
            row_number() over (
                partition by stage_dropoffs.stage_id order by stage_dropoffs.entry_month desc
            ) as months_ago
        from stage_dropoffs
        cross join run_parameters
        where stage_dropoffs.lifecycle_id = ${sqlText(lifecycleId)}
            and stage_dropoffs.count_entered > stage_dropoffs.count_immature
            and last_day_of_month(stage_dropoffs.entry_month) <= run_parameters.as_of_date
    ),
    shown as (
        select stage_id, entry_month, count_entered, count_mature, count_advanced, count_shortfall
        from mature where months_ago <= ${MONTHS_SHOWN}
    ),
    counted as (
        select stage_id, entry_month, count_entered, count_mature, count_advanced, count_shortfall
        from shown
        union all
        select
            stage_id, cast(null as date), cast(sum(count_entered) as bigint), cast(sum(count_mature) as bigint),
            cast(sum(count_advanced) as bigint), sum(count_shortfall)
        from shown
        group by 1
    )
    select
        lifecycle_stages.stage_id, lifecycle_stages.stage_rank, lifecycle_stages.label_tr, lifecycle_stages.label_en,
        counted.entry_month, counted.count_entered, counted.count_mature, counted.count_advanced,
        lifecycle_stages.target_rate, lifecycle_stages.target_source, lifecycle_stages.within_days,
        lifecycle_stages.benchmark_rate, lifecycle_stages.benchmark_source, counted.count_shortfall
    from lifecycle_stages
    left join counted on lifecycle_stages.stage_id = counted.stage_id
    where lifecycle_stages.lifecycle_id = ${sqlText(lifecycleId)}
        and lifecycle_stages.stage_rank > 0
        and lifecycle_stages.stage_rank < (
            select max(stage_rank) from lifecycle_stages where lifecycle_id = ${sqlText(lifecycleId)}
        )
    order by lifecycle_stages.stage_rank, counted.entry_month nulls last`;
}

/** A rate tells its numerator, so it goes with it; a shortfall tells the rate. */
function cellsOf(row: SourceRow, isHidden: (key: string) => boolean): readonly Cell[] {
  const [entered, mature, advanced] = countKeys.map((key) => (isHidden(key) ? null : toCount(row[key])));
  const rate = advanced === null || advanced === undefined || !mature ? null : advanced / mature;
  return [
    ...stageCells(row),
    toText(row.entry_month),
    entered ?? null,
    mature ?? null,
    advanced ?? null,
    rate,
    toCount(row.target_rate),
    toText(row.target_source),
    toCount(row.within_days),
    toCount(row.benchmark_rate),
    toText(row.benchmark_source),
    rate === null ? null : toCount(row.count_shortfall),
  ];
}

/** The months of one stage and, without a month, all of them together. */
function shapeStage(rows: readonly SourceRow[], { minimumGroup }: PublishingRules): ShapedRows {
  const months = rows.filter(({ entry_month }) => toText(entry_month) !== null);
  const hidden = new Map(
    countKeys.map((key) => [
      key as string,
      rowsToHide(
        months.map((row) => toCount(row[key])),
        minimumGroup,
      ),
    ]),
  );
  const isHidden =
    (row: SourceRow) =>
    (key: string): boolean => {
      const index = months.indexOf(row);
      return index < 0
        ? isSmallGroup(toCount(row[key]), minimumGroup)
        : (hidden.get(key)?.has(index) ?? false);
    };
  return {
    rows: rows.map((row) => cellsOf(row, isHidden(row))),
    suppressed: rows.filter((row) => countKeys.some(isHidden(row))).length,
  };
}

/** How many of those who entered a stage went on to a higher one in its window, against its target. */
export const stageDropoff = (lifecycle: LifecycleSummary): ViewSource => ({
  id: `stage_dropoff.${lifecycle.id}`,
  kind: 'stage_dropoff',
  lifecycle: lifecycle.id,
  grain: 'month',
  title: titleOf(lifecycle, 'Müşteriyi en çok nerede kaybediyoruz?', 'Where do we lose most customers?'),
  columns: [
    ...stageColumns,
    viewColumn('entry_month', 'date', 'Giriş ayı', 'Entry month'),
    viewColumn('count_entered', 'int', 'Giren', 'Entered', { additive: true }),
    viewColumn('count_mature', 'int', 'Olgunlaşan', 'Mature', { additive: true }),
    viewColumn('count_advanced', 'int', 'İlerleyen', 'Advanced', { additive: true }),
    viewColumn('advance_rate', 'ratio', 'İlerleme oranı', 'Advance rate', { format: '0.0%' }),
    viewColumn('target_rate', 'ratio', 'Hedef', 'Target', { format: '0.0%' }),
    viewColumn('target_source', 'enum', 'Hedefin kaynağı', 'Source of the target'),
    viewColumn('within_days', 'int', 'Süre (gün)', 'Window (days)'),
    viewColumn('benchmark_rate', 'ratio', 'Sektör kıyaslaması', 'Benchmark', { format: '0.0%' }),
    viewColumn('benchmark_source', 'text', 'Kıyaslamanın kaynağı', 'Source of the benchmark'),
    viewColumn('count_shortfall', 'number', 'Hedefe göre kaybedilen', 'Lost against target', {
      format: '0.0',
      additive: true,
    }),
  ],
  sql: sqlOf(lifecycle.id),
  sqlModel: 'stage_dropoffs',
  definition: {
    tr: 'Her aşama için olgun girişi olan, tamamlanmış son 12 giriş ayı. İlerleme oranı: aşamanın süresi içinde daha ileri bir aşamaya geçenler ÷ süresi dolmuş girişler. Kaybedilen müşteri: hedefe ulaşılsa ilerleyecek olan ama ilerlemeyen giriş sayısı, ay ay (hedef − oran) × olgun giriş, eksi olamaz; sayfada tam müşteriye aşağı yuvarlanır. Bir müşterinin her girişi sayılır. Son aşamadan ilerlenmez. Ayı boş satır bütün ayların toplamıdır.',
    en: 'For each stage its last 12 complete entry months that have mature entries. Advance rate: entries that reached a higher stage within the window ÷ entries whose window is over. Customers lost: entries that would have advanced at the target and did not, month by month (target − rate) × mature entries, never negative; the page rounds down to whole customers. Every entry of a customer counts. Nobody advances from the last stage. A row without a month is all its months together.',
  },
  shape: (rows, rules) => {
    if (rows.every(({ count_entered }) => toCount(count_entered) === null))
      return { rows: [], suppressed: 0 };
    const stages = [...Map.groupBy(rows, ({ stage_id }) => toText(stage_id)).values()].map((stage) =>
      shapeStage(stage, rules),
    );
    return {
      rows: stages.flatMap((stage) => stage.rows),
      suppressed: stages.reduce((sum, { suppressed }) => sum + suppressed, 0),
    };
  },
});
