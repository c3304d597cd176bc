import type { BrokenRunReport, RunReport } from './run-report.ts';

/** What an operator is alarmed by. A figure that a run could not learn is not there. */
export interface RunFigures {
  readonly isSucceeded: boolean;
  readonly auditsFailed?: number;
  /** Rows of raw touchpoints that were read. */
  readonly rowsIn?: number;
  /** Rows of all tables that were built. */
  readonly rowsBuilt?: number;
  /** Of the items received since the beginning of yesterday, UTC, the share that lies in quarantine. */
  readonly quarantineRate?: number;
  readonly bytesScanned?: number;
  readonly dollars?: number;
  /** Since the newest import was received. */
  readonly dataAgeSeconds?: number;
  /** Since the as-of instant of what readers see now. */
  readonly pageAgeSeconds?: number;
}

/** What the report of a run says of these, of one that broke off too. */
export function figuresOf(report: RunReport | BrokenRunReport | undefined): Partial<RunFigures> {
  if (!report) {
    return {};
  }
  const { models, checks, spent } = report;
  return {
    auditsFailed: checks.filter(({ status }) => status === 'fail').length,
    rowsBuilt: models.reduce((sum, { rows }) => sum + rows, 0),
    ...(spent && { bytesScanned: spent.bytesScanned, dollars: spent.dollars }),
  };
}

/** Two counts of the same days: what was received, and what of it lies in quarantine. */
export function quarantineRateSql(now: Date): string {
  const yesterday = new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10);
  const since = `received_at >= timestamp '${yesterday} 00:00:00'`;
  return `select
    (select coalesce(sum(items), 0) from receipts where ${since}) as received,
    (select count(*) from quarantined_items where ${since}) as quarantined`;
}

export function quarantineRate(row: Readonly<Record<string, unknown>> | undefined): number | undefined {
  const [received, quarantined] = [Number(row?.received ?? 0), Number(row?.quarantined ?? 0)];
  return received > 0 ? quarantined / received : undefined;
}
