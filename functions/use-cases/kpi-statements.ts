import { type Kpi, kpiColumns } from '../core/kpi-definition.ts';
import type { PlacedText } from '../core/statement-error.ts';

/** KPIs of one statement at most: a plan grows with its parts. */
const KPIS_AT_ONCE = 12;

/** One insert into `kpi_results`, of the KPIs that read the same relations. */
export interface KpiStatement {
  readonly kpis: readonly Kpi[];
  readonly sql: string;
  /** Where the text of each KPI begins in `sql`. */
  readonly texts: readonly PlacedText[];
}

/**
 * An engine that is asked over the network waits, and Athena bills ten megabytes, for every statement: there KPIs that
 * read the same relations go together. An engine in the process builds each alone, and tells the time of each.
 */
export function kpiStatements(
  kpis: readonly Kpi[],
  readsOf: (kpi: Kpi) => readonly string[],
  areTogether: boolean,
): readonly KpiStatement[] {
  const groups = areTogether
    ? [...Map.groupBy(kpis, (kpi) => [...readsOf(kpi)].sort().join()).values()].flatMap(inParts)
    : kpis.map((kpi) => [kpi]);
  return groups.map(statementOf);
}

function inParts(kpis: readonly Kpi[]): readonly (readonly Kpi[])[] {
  return Array.from({ length: Math.ceil(kpis.length / KPIS_AT_ONCE) }, (_, index) =>
    kpis.slice(index * KPIS_AT_ONCE, (index + 1) * KPIS_AT_ONCE),
  );
}

function statementOf(kpis: readonly Kpi[]): KpiStatement {
  const selects = kpis.map(kpiSelect);
  let line = 1;
  const texts = kpis.map(({ file }, index) => {
    const text = { file, firstLine: line };
    line += (selects[index] ?? '').split('\n').length + 1;
    return text;
  });
  return { kpis, sql: selects.join('\nunion all\n'), texts };
}

/** The rows of one KPI as `kpi_results` takes them; without a lifecycle or an interval where it has none. */
function kpiSelect({ definition, sql }: Kpi): string {
  const lifecycle = definition.per_lifecycle ? 'lifecycle_id' : 'cast(null as varchar) as lifecycle_id';
  const interval = definition.interval
    ? 'lower, upper'
    : 'cast(null as double) as lower, cast(null as double) as upper';
  const columns = [...Object.keys(kpiColumns), interval].join(', ');
  return `select '${definition.kpi}' as kpi_id, ${lifecycle}, ${columns} from (${sql}\n) as kpi`;
}
