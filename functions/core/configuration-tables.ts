import type { Configuration } from './configuration.ts';
import type { LifecycleTables } from './lifecycle-tables.ts';

type SeedRow = Readonly<Record<string, string>>;

export interface TargetRow {
  readonly kpi_id: string;
  readonly target: number;
  /** The only grain that it is meant for: a yearly rate is no target of a month. */
  readonly grain: string | null;
  readonly source: 'default' | 'project';
}

export interface BenchmarkRow {
  readonly kpi_id: string;
  readonly segment_type: string;
  readonly segment_value: string;
  readonly grain: string | null;
  readonly benchmark: number;
  readonly source: string;
}

/** A target that a lifecycle sets for one of its stages. */
export interface StageTargetRow extends TargetRow {
  readonly lifecycle_id: string;
  readonly segment_type: 'stage';
  readonly segment_value: string;
}

/** The project's targets, and the sector's default ones for the KPIs of which it says nothing. */
export function targetRows(
  { sector, targets }: Configuration,
  defaults: readonly SeedRow[],
): readonly TargetRow[] {
  const own = Object.entries(targets).map(
    ([kpi_id, target]): TargetRow => ({ kpi_id, target, grain: null, source: 'project' }),
  );
  const others = defaults
    .filter((row) => row.sector === sector && !Object.hasOwn(targets, row.kpi_id ?? ''))
    .map(
      (row): TargetRow => ({
        kpi_id: row.kpi_id ?? '',
        target: Number(row.target),
        grain: row.grain ?? null,
        source: 'default',
      }),
    );
  return [...own, ...others];
}

/** A stage's target is the share that should advance within its window, whatever period they entered in. */
export function stageTargetRows(stages: LifecycleTables['lifecycle_stages']): readonly StageTargetRow[] {
  return stages
    .filter(({ target_rate }) => typeof target_rate === 'number')
    .map((stage) => ({
      kpi_id: 'advance_rate',
      target: Number(stage.target_rate),
      grain: null,
      source: stage.target_source === 'project' ? 'project' : 'default',
      lifecycle_id: String(stage.lifecycle_id),
      segment_type: 'stage',
      segment_value: String(stage.stage_id),
    }));
}

/** The project's benchmarks, and its sector's for the other KPIs, less those that cannot be compared. */
export function benchmarkRows(
  { sector, benchmarks }: Configuration,
  published: readonly SeedRow[],
): readonly BenchmarkRow[] {
  const own = Object.entries(benchmarks).map(
    ([kpi_id, { value, source, year, grain }]): BenchmarkRow => ({
      kpi_id,
      segment_type: 'all',
      segment_value: 'all',
      grain: grain ?? null,
      benchmark: value,
      source: `${source} (${year})`,
    }),
  );
  const others = published
    .filter((row) => row.sector === sector || row.sector === 'any')
    .filter((row) => row.comparable !== 'no' && !Object.hasOwn(benchmarks, row.kpi_id ?? ''))
    .map(
      (row): BenchmarkRow => ({
        kpi_id: row.kpi_id ?? '',
        segment_type: row.segment_type ?? 'all',
        segment_value: row.segment_value ?? 'all',
        grain: row.grain || null,
        benchmark: Number(row.value),
        source: `${row.source} (${row.year})`,
      }),
    );
  return [...own, ...others];
}

export interface SlaRow {
  readonly position: number;
  readonly policy: string | null;
  readonly priority: string | null;
  readonly metric: 'first_reply' | 'resolution';
  readonly target_minutes: number;
  readonly is_business_time: boolean;
}

/** Service levels in their order: the first that fits a ticket holds. */
export function slaRows({ sla }: Configuration): readonly SlaRow[] {
  return sla.flatMap((entry, index) => {
    const { policy = null, priority = null, first_reply_minutes, resolution_minutes } = entry;
    const fits = { position: index + 1, policy, priority, is_business_time: entry.clock === 'business' };
    return [
      ...(first_reply_minutes === undefined
        ? []
        : [{ ...fits, metric: 'first_reply' as const, target_minutes: first_reply_minutes }]),
      ...(resolution_minutes === undefined
        ? []
        : [{ ...fits, metric: 'resolution' as const, target_minutes: resolution_minutes }]),
    ];
  });
}
