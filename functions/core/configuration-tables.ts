import type { Configuration } from './configuration.ts';

type SeedRow = Readonly<Record<string, string>>;

export interface TargetRow {
  readonly kpi_id: string;
  readonly target: number;
  /** The only grain that it is meant for: a yearly rate is no target of a month. */
  readonly grain: string | null;
  readonly source: 'default' | 'project';
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
