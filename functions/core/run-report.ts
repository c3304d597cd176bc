/** What a run tells of each model. */
export interface ModelReport {
  readonly model: string;
  readonly rows: number;
  /** What its table takes: on disk of a mart, in memory of another. Undefined of views and KPIs, and where spilling hides it. */
  readonly bytes: number | undefined;
  readonly milliseconds: number;
  readonly cpuSeconds: number;
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
  readonly models: readonly ModelReport[];
  readonly checks: readonly CheckReport[];
}
