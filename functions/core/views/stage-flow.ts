import type { LifecycleSummary } from '../snapshot.ts';
import { titleOf } from './lifecycles.ts';
import {
  cellsToHide,
  isSmallGroup,
  rowsToHide,
  type SourceRow,
  sqlText,
  toCount,
  toText,
  type ViewSource,
  viewColumn,
} from './view-source.ts';

export const moveKinds = ['stay', 'enter', 'advance', 'skip', 'return', 'lapse', 'reactivate'] as const;
export type MoveKind = (typeof moveKinds)[number];

/** By the ranks at both ends: null is a customer who had not entered yet, 0 is lapsed. */
export function moveKindOf(from: number | null, to: number): MoveKind {
  if (from === null) return 'enter';
  if (from === to) return 'stay';
  if (to === 0) return 'lapse';
  if (from === 0) return 'reactivate';
  if (to < from) return 'return';
  return to === from + 1 ? 'advance' : 'skip';
}

function sqlOf(lifecycleId: string): string {
  return `
    with last_month as (
        select max(period_start) as period_start
        from stage_flows
        where lifecycle_id = ${sqlText(lifecycleId)} and grain = 'month' and is_complete
    )
    select
        stage_flows.period_start, stage_flows.from_stage_id, stages_before.stage_rank as from_rank,
        coalesce(stages_before.label_tr, 'Henüz girmedi') as from_label_tr,
        coalesce(stages_before.label_en, 'Not yet entered') as from_label_en,
        stage_flows.to_stage_id, stages_after.stage_rank as to_rank,
        stages_after.label_tr as to_label_tr, stages_after.label_en as to_label_en, stage_flows.count_customers
    from stage_flows
    inner join last_month on stage_flows.period_start = last_month.period_start
    left join lifecycle_stages as stages_before
        on stage_flows.lifecycle_id = stages_before.lifecycle_id
        and stage_flows.from_stage_id = stages_before.stage_id
    inner join lifecycle_stages as stages_after
        on stage_flows.lifecycle_id = stages_after.lifecycle_id
        and stage_flows.to_stage_id = stages_after.stage_id
    where stage_flows.lifecycle_id = ${sqlText(lifecycleId)} and stage_flows.grain = 'month'
    order by coalesce(stages_before.stage_rank, -1), stages_after.stage_rank`;
}

/** The cells of each value of a column: their sum is a customer count of its own. */
function linesBy(rows: readonly SourceRow[], key: string): ReadonlyMap<string, readonly number[]> {
  return Map.groupBy(rows.keys(), (index) => String(rows[index]?.[key]));
}

interface Side {
  /** The cells of each stage on this side. */
  readonly lines: ReadonlyMap<string, readonly number[]>;
  readonly totals: ReadonlyMap<string, number | null>;
  /** The cells of each hidden total. */
  readonly hiddenLines: readonly (readonly number[])[];
}

/**
 * The stages at one end of the month. Their customers are those of the stage history on that day, which publishes
 * them with their sum: what is hidden there, lest the sum gives it back, is hidden here too.
 */
function sideOf(
  rows: readonly SourceRow[],
  counts: readonly (number | null)[],
  end: 'from' | 'to',
  minimumGroup: number,
): Side {
  const lines = linesBy(rows, `${end}_stage_id`);
  const rankOf = (line: readonly number[]): number | null => toCount(rows[line[0] ?? 0]?.[`${end}_rank`]);
  const sumOf = (line: readonly number[]): number =>
    line.reduce((sum, index) => sum + (counts[index] ?? 0), 0);
  const stages = [...lines]
    .filter(([, line]) => rankOf(line) !== null)
    .sort(([, a], [, b]) => Number(rankOf(a)) - Number(rankOf(b)));
  const hiddenAt = rowsToHide(
    stages.map(([, line]) => sumOf(line)),
    minimumGroup,
  );
  const hidden = new Map(stages.filter((_, index) => hiddenAt.has(index)));
  const isHidden = (id: string, line: readonly number[]): boolean =>
    hidden.has(id) || isSmallGroup(sumOf(line), minimumGroup);
  return {
    lines,
    totals: new Map([...lines].map(([id, line]) => [id, isHidden(id, line) ? null : sumOf(line)])),
    hiddenLines: [...hidden.values()],
  };
}

/** The cells of each total that can be known: those told, and what the sum of the day leaves for the others. */
function publishedLines({ lines, totals, hiddenLines }: Side): readonly (readonly number[])[] {
  return [...[...lines].flatMap(([id, line]) => (totals.get(id) === null ? [] : [line])), hiddenLines.flat()];
}

/** Who moved from where to where in the last complete month. */
export const stageFlow = (lifecycle: LifecycleSummary): ViewSource => ({
  id: `stage_flow.${lifecycle.id}`,
  kind: 'stage_flow',
  lifecycle: lifecycle.id,
  grain: 'month',
  title: titleOf(lifecycle, 'Kim nereden nereye geçti?', 'Who moved from where to where?'),
  columns: [
    viewColumn('period_start', 'date', 'Ay', 'Month'),
    viewColumn('from_stage_id', 'text', 'Önceki aşama kimliği', 'Stage id before'),
    viewColumn('from_rank', 'int', 'Önceki aşama sırası', 'Stage rank before'),
    viewColumn('from_label_tr', 'text', 'Önceki aşama (tr)', 'Stage before (tr)'),
    viewColumn('from_label_en', 'text', 'Önceki aşama (en)', 'Stage before (en)'),
    viewColumn('to_stage_id', 'text', 'Sonraki aşama kimliği', 'Stage id after'),
    viewColumn('to_rank', 'int', 'Sonraki aşama sırası', 'Stage rank after'),
    viewColumn('to_label_tr', 'text', 'Sonraki aşama (tr)', 'Stage after (tr)'),
    viewColumn('to_label_en', 'text', 'Sonraki aşama (en)', 'Stage after (en)'),
    viewColumn('move', 'enum', 'Hareket', 'Move'),
    viewColumn('count_customers', 'int', 'Müşteri', 'Customers', { additive: true }),
    viewColumn('count_from', 'int', 'Önceki aşamadaki müşteri', 'Customers of the stage before'),
    viewColumn('count_to', 'int', 'Sonraki aşamadaki müşteri', 'Customers of the stage after'),
  ],
  sql: sqlOf(lifecycle.id),
  sqlModel: 'stage_flows',
  definition: {
    tr: 'Son tamamlanan ayın başındaki ve sonundaki aşama karşılaştırılır; ay içindeki ara adımlar sayılmaz. İlerledi: bir sonraki aşama; atladı: daha ilerisi; geri döndü: daha gerideki bir aşama; pasifleşti: hiçbir aşamanın sinyali kalmadı; girdi: ay başında henüz yoktu.',
    en: 'The stages at both ends of the last complete month are compared; steps in between are not counted. Advanced: the next stage; skipped: further on; moved back: an earlier stage; lapsed: no signal of any stage is left; entered: was not there when the month began.',
  },
  shape: (rows, { minimumGroup }) => {
    const counts = rows.map((row) => toCount(row.count_customers));
    const from = sideOf(rows, counts, 'from', minimumGroup);
    const to = sideOf(rows, counts, 'to', minimumGroup);
    const lines = [...publishedLines(from), ...publishedLines(to)];
    const small = cellsToHide(counts, lines, minimumGroup);
    // cells that are all shown would give a hidden total back
    const also = [...from.hiddenLines, ...to.hiddenLines]
      .filter((line) => !line.some((index) => small.has(index)))
      .flatMap((line) => line.toSorted((a, b) => (counts[a] ?? 0) - (counts[b] ?? 0)).slice(0, 1));
    const hidden = cellsToHide(counts, lines, minimumGroup, also);
    const shaped = rows.map((row, index) => [
      toText(row.period_start),
      toText(row.from_stage_id),
      toCount(row.from_rank),
      toText(row.from_label_tr),
      toText(row.from_label_en),
      toText(row.to_stage_id),
      toCount(row.to_rank),
      toText(row.to_label_tr),
      toText(row.to_label_en),
      moveKindOf(toCount(row.from_rank), Number(row.to_rank)),
      hidden.has(index) ? null : (counts[index] ?? null),
      from.totals.get(String(row.from_stage_id)) ?? null,
      to.totals.get(String(row.to_stage_id)) ?? null,
    ]);
    return { rows: shaped, suppressed: hidden.size };
  },
});
