import type { Cell, LifecycleSummary } from '../snapshot.ts';
import { allStagesCells, stageCells, stageColumns, titleOf } from './lifecycles.ts';
import {
  isSmallGroup,
  rowsToHide,
  type SourceRow,
  sqlText,
  toCount,
  toText,
  type ViewSource,
  viewColumn,
} from './view-source.ts';

const countKeys = ['count_customers', 'count_customers_before'] as const;

function sqlOf(lifecycleId: string): string {
  return `
    with days as (
        select
            max(occupancy_date) as occupancy_date,
            cast(date_add('month', -1, max(occupancy_date)) as date) as date_before
        from stage_occupancy where lifecycle_id = ${sqlText(lifecycleId)}
    )
    select
        lifecycle_stages.stage_id, lifecycle_stages.stage_rank, lifecycle_stages.label_tr, lifecycle_stages.label_en,
        lifecycle_stages.parent_stage_id, lifecycle_stages.parent_label_tr, lifecycle_stages.parent_label_en,
        days.occupancy_date, occupancy_now.count_customers,
        days.date_before, occupancy_before.count_customers as count_customers_before
    from lifecycle_stages
    cross join days
    left join stage_occupancy as occupancy_now
        on occupancy_now.lifecycle_id = lifecycle_stages.lifecycle_id
        and occupancy_now.stage_id = lifecycle_stages.stage_id
        and occupancy_now.occupancy_date = days.occupancy_date
    left join stage_occupancy as occupancy_before
        on occupancy_before.lifecycle_id = lifecycle_stages.lifecycle_id
        and occupancy_before.stage_id = lifecycle_stages.stage_id
        and occupancy_before.occupancy_date = days.date_before
    where lifecycle_stages.lifecycle_id = ${sqlText(lifecycleId)} and days.occupancy_date is not null
    order by lifecycle_stages.stage_rank`;
}

function totalOf(rows: readonly SourceRow[], key: string): number | null {
  const counts = rows.map((row) => toCount(row[key]));
  return counts.every((count) => count === null)
    ? null
    : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** How many customers are in each stage on the as-of day, and how many were a month before. */
export const stageOccupancy = (lifecycle: LifecycleSummary): ViewSource => ({
  id: `stage_occupancy.${lifecycle.id}`,
  kind: 'stage_occupancy',
  lifecycle: lifecycle.id,
  grain: 'day',
  title: titleOf(lifecycle, 'Hangi aşamada kaç müşteri var?', 'How many customers are in each stage?'),
  columns: [
    ...stageColumns,
    viewColumn('parent_stage_id', 'text', 'Ana aşama kimliği', 'Parent stage id'),
    viewColumn('parent_label_tr', 'text', 'Ana aşama (tr)', 'Parent stage (tr)'),
    viewColumn('parent_label_en', 'text', 'Ana aşama (en)', 'Parent stage (en)'),
    viewColumn('occupancy_date', 'date', 'Gün', 'Day'),
    viewColumn('count_customers', 'int', 'Müşteri', 'Customers', { additive: true }),
    viewColumn('date_before', 'date', 'Bir ay önceki gün', 'Day a month before'),
    viewColumn('count_customers_before', 'int', 'Bir ay önceki müşteri', 'Customers a month before', {
      additive: true,
    }),
  ],
  sql: sqlOf(lifecycle.id),
  sqlModel: 'stage_occupancy',
  definition: {
    tr: 'Veri gününün sonunda her müşteri tam bir aşamadadır; sinyali kalmayan müşteri pasiftir. Değişim, bir ay önceki aynı güne göredir. Aşaması boş satır hepsinin toplamıdır.',
    en: 'At the end of the data day every customer is in exactly one stage; a customer whose signals have all run out is lapsed. The change is against the same day a month before. The row without a stage is all of them together.',
  },
  shape: (rows, { minimumGroup }) => {
    const [first] = rows;
    if (!first) return { rows: [], suppressed: 0 };
    const hidden = countKeys.map((key) =>
      rowsToHide(
        rows.map((row) => toCount(row[key])),
        minimumGroup,
      ),
    );
    const shaped = rows.map((row, index): Cell[] => {
      const [now, before] = countKeys.map((key, column) =>
        hidden[column]?.has(index) ? null : toCount(row[key]),
      );
      return [
        ...stageCells(row),
        toText(row.parent_stage_id),
        toText(row.parent_label_tr),
        toText(row.parent_label_en),
        toText(row.occupancy_date),
        now ?? null,
        toText(row.date_before),
        before ?? null,
      ];
    });
    const [now, before] = countKeys.map((key) => {
      const total = totalOf(rows, key);
      return isSmallGroup(total, minimumGroup) ? null : total;
    });
    const all: Cell[] = [
      ...allStagesCells,
      null,
      null,
      null,
      toText(first.occupancy_date),
      now ?? null,
      toText(first.date_before),
      before ?? null,
    ];
    const hiddenRows = new Set(hidden.flatMap((indexes) => [...indexes]));
    return { rows: [...shaped, all], suppressed: hiddenRows.size };
  },
});
