// The lifecycles of a run as the manifest names them, and what the views of stages share.
import type { Cell, LifecycleSummary, LocalisedText, StageSummary, ViewColumn } from '../snapshot.ts';
import { type SourceRow, toCount, toText, viewColumn } from './view-source.ts';

export const lifecyclesSql = `
    select
        lifecycles.lifecycle_id, lifecycles.lifecycle_version, lifecycles.label_tr as lifecycle_label_tr,
        lifecycles.label_en as lifecycle_label_en, lifecycle_stages.stage_id, lifecycle_stages.stage_rank,
        lifecycle_stages.label_tr, lifecycle_stages.label_en, lifecycle_stages.parent_stage_id
    from lifecycles
    inner join lifecycle_stages on lifecycles.lifecycle_id = lifecycle_stages.lifecycle_id
    where lifecycle_stages.stage_rank > 0
    order by lifecycles.position, lifecycle_stages.stage_rank`;

const labelOf = (row: SourceRow, tr: string, en: string): LocalisedText => ({
  tr: String(row[tr]),
  en: String(row[en]),
});

function stageOf(row: SourceRow): StageSummary {
  const parent = toText(row.parent_stage_id);
  return {
    id: String(row.stage_id),
    label: labelOf(row, 'label_tr', 'label_en'),
    order: Number(row.stage_rank),
    ...(parent === null ? {} : { parent }),
  };
}

/** The answer of `lifecyclesSql`, in the order of the configuration. */
export function toLifecycles(rows: readonly SourceRow[]): readonly LifecycleSummary[] {
  return [...Map.groupBy(rows, (row) => String(row.lifecycle_id))].flatMap(([id, stages]) => {
    const [first] = stages;
    return first
      ? [
          {
            id,
            version: Number(first.lifecycle_version),
            label: labelOf(first, 'lifecycle_label_tr', 'lifecycle_label_en'),
            stages: stages.map(stageOf),
          },
        ]
      : [];
  });
}

/** The title of a view of one lifecycle: several may be published side by side. */
export function titleOf(lifecycle: LifecycleSummary, tr: string, en: string): LocalisedText {
  return { tr: `${tr} · ${lifecycle.label.tr}`, en: `${en} · ${lifecycle.label.en}` };
}

/** What every row of a stage begins with. */
export const stageColumns: readonly ViewColumn[] = [
  viewColumn('stage_id', 'text', 'Aşama kimliği', 'Stage id'),
  viewColumn('stage_rank', 'int', 'Aşama sırası', 'Stage rank'),
  viewColumn('label_tr', 'text', 'Aşama (tr)', 'Stage (tr)'),
  viewColumn('label_en', 'text', 'Aşama (en)', 'Stage (en)'),
];

export function stageCells(row: SourceRow): readonly Cell[] {
  return [toText(row.stage_id), toCount(row.stage_rank), toText(row.label_tr), toText(row.label_en)];
}

/** A row without a stage: all stages together. */
export const allStagesCells: readonly Cell[] = [null, null, 'Tümü', 'All'];
