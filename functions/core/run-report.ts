/** What a run tells of each model. */
export interface ModelReport {
  readonly model: string;
  readonly rows: number;
  /** What its table takes: on disk of a mart, in memory of another. Undefined of views and KPIs, and where spilling hides it. */
  readonly bytes: number | undefined;
  readonly milliseconds: number;
  /** Undefined where another machine does the work. */
  readonly cpuSeconds: number | undefined;
  /** What was read for it, and its price in US dollars, where the engine bills by the byte. */
  readonly cost?: ScanCost;
}

export interface ScanCost {
  readonly bytesScanned: number;
  readonly dollars: number;
}

export interface CheckReport {
  readonly model: string;
  readonly check: string;
  readonly status: 'pass' | 'fail' | 'warn' | 'not applicable';
  /** The first offending rows of a failed check. */
  readonly offending: readonly Readonly<Record<string, unknown>>[];
}

export interface RunReport {
  readonly runId: string;
  readonly asOf: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly engine: 'duckdb' | 'athena';
  readonly status: 'ok' | 'failed';
  /** The whole run's: models, checks, page and switch together; undefined where nothing is billed. */
  readonly spent?: ScanCost;
  readonly models: readonly ModelReport[];
  readonly checks: readonly CheckReport[];
}

/** Of a run that broke off before its audits. */
export interface BrokenRunReport extends Omit<RunReport, 'asOf'> {
  /** Null where it was not given: then nobody knows it. */
  readonly asOf: string | null;
  /** The kind of error, and the model or check where it was. */
  readonly brokeOff: { readonly error: string; readonly place?: string };
}

/** The model or check that an error names: its further words are the engine's, and may quote somebody's data. */
export const placeIn = (errorText: string): string | undefined =>
  /^(sql\/[\w./-]+(: line \d+)?|check "[^"]*" of \w+)/.exec(errorText)?.[0];

/** A warning for a person: what does not hold, and each row of which it does not. */
export function warningText({ model, check, offending }: CheckReport): string {
  const rows = offending.map((row) =>
    Object.entries(row)
      .map(([column, value]) => `${column.replaceAll('_', ' ')}: ${String(value)}`)
      .join('; '),
  );
  return [`does not hold: ${check} (${model})`, ...rows.map((row) => `    ${row}`)].join('\n');
}
