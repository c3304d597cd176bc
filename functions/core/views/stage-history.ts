import type { Cell, LifecycleSummary } from '../snapshot.ts';
import { allStagesCells, stageCells, stageColumns, titleOf } from './lifecycles.ts';
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

const MONTHS_SHOWN = 18;

function sqlOf(lifecycleId: string): string {
  return `
    with last_day as (
        select max(occupancy_date) as occupancy_date
        from stage_occupancy where lifecycle_id = ${sqlText(lifecycleId)}
    )
    select
        stage_occupancy.occupancy_date, lifecycle_stages.stage_id, lifecycle_stages.stage_rank,
        lifecycle_stages.label_tr, lifecycle_stages.label_en, lifecycle_stages.parent_stage_id,
        stage_occupancy.count_customers,
        stage_occupancy.occupancy_date = last_day_of_month(stage_occupancy.occupancy_date) as is_month_end
    from stage_occupancy
    inner join lifecycle_stages
        on stage_occupancy.lifecycle_id = lifecycle_stages.lifecycle_id
        and stage_occupancy.stage_id = lifecycle_stages.stage_id
    cross join last_day
    where stage_occupancy.lifecycle_id = ${sqlText(lifecycleId)}
        and stage_occupancy.occupancy_date > cast(date_add('month', -${MONTHS_SHOWN}, last_day.occupancy_date) as date)
        and (
            stage_occupancy.occupancy_date = last_day_of_month(stage_occupancy.occupancy_date)
            or stage_occupancy.occupancy_date = last_day.occupancy_date
        )
    order by 1, 3`;
}

/** One day: its stages, then all of them together. */
function shapeDay(rows: readonly SourceRow[], { minimumGroup }: PublishingRules): ShapedRows {
  const counts = rows.map((row) => toCount(row.count_customers));
  const hidden = rowsToHide(counts, minimumGroup);
  const total = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const line = (row: SourceRow | undefined, head: readonly Cell[], count: number | null): Cell[] => [
    toText(row?.occupancy_date),
    ...head,
    count,
    row?.is_month_end === true,
  ];
  return {
    rows: [
      ...rows.map((row, index) =>
        line(
          row,
          [...stageCells(row), toText(row.parent_stage_id)],
          hidden.has(index) ? null : (counts[index] ?? null),
        ),
      ),
      line(rows[0], [...allStagesCells, null], isSmallGroup(total, minimumGroup) ? null : total),
    ],
    suppressed: hidden.size,
  };
}

/** How many customers were in each stage at the ends of the last months and on the as-of day. */
export const stageHistory = (lifecycle: LifecycleSummary): ViewSource => ({
  id: `stage_history.${lifecycle.id}`,
  kind: 'stage_history',
  lifecycle: lifecycle.id,
  grain: 'month',
  title: titleOf(lifecycle, 'Hangi aşamalar büyüyor?', 'Which stages grow?'),
  columns: [
    viewColumn('occupancy_date', 'date', 'Gün', 'Day'),
    ...stageColumns,
    viewColumn('parent_stage_id', 'text', 'Ana aşama kimliği', 'Parent stage id'),
    viewColumn('count_customers', 'int', 'Müşteri', 'Customers', { additive: true }),
    viewColumn('is_month_end', 'boolean', 'Ay sonu', 'End of month'),
  ],
  sql: sqlOf(lifecycle.id),
  sqlModel: 'stage_occupancy',
  definition: {
    tr: 'Son 18 ayın her birinin son gününde ve veri gününde, her aşamadaki müşteri sayısı. Veri günü ay sonu değilse o ay kısmidir. Aşaması boş satırlar o günün toplamıdır.',
    en: 'Customers in each stage on the last day of each of the last 18 months and on the data day. If that is not the end of a month, its month is partial. Rows without a stage are the total of their day.',
  },
  shape: (rows, rules) => {
    const days = [...Map.groupBy(rows, (row) => toText(row.occupancy_date)).values()].map((day) =>
      shapeDay(day, rules),
    );
    return {
      rows: days.flatMap((day) => day.rows),
      suppressed: days.reduce((sum, { suppressed }) => sum + suppressed, 0),
    };
  },
});
