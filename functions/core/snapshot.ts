// The snapshot contract `dongu.snapshot/1`: what one run publishes, and all that a page may know.

/** A text in both languages of the pages; Turkish is the first. */
export interface LocalisedText {
  readonly tr: string;
  readonly en: string;
}

export const languages = ['tr', 'en'] as const;
export type Language = (typeof languages)[number];

export const viewKinds = [
  'kpi_tiles',
  'stage_occupancy',
  'stage_history',
  'stage_flow',
  'stage_dropoff',
  'stage_profiles',
  'cohort_retention',
  'activity_lifecycle',
  'rfm',
] as const;
export type ViewKind = (typeof viewKinds)[number];

/** `carried`: the last good value is shown again, because this run could not make a new one. */
export type ViewStatus = 'ok' | 'empty' | 'partial' | 'suppressed' | 'carried' | 'error';

export type ViewGrain = 'day' | 'week' | 'month' | 'quarter';

/**
 * How a cell is stored: `money` in minor units (kuruş) as an integer, `ratio` from 0 to 1,
 * `date` as YYYY-MM-DD of the reporting time zone. A cell is null where it is unknown, immature or suppressed.
 */
export type ColumnType = 'date' | 'int' | 'number' | 'ratio' | 'money' | 'text' | 'enum' | 'boolean';

export interface ViewColumn {
  readonly key: string;
  readonly type: ColumnType;
  readonly label: LocalisedText;
  /** Number of decimals and style a page shows, for example `0`, `0.0`, `0.0%`, `currency`. */
  readonly format: string;
  /** False for distinct counts, ratios and medians: a client must never add them up. */
  readonly additive: boolean;
}

export type Cell = string | number | boolean | null;

export interface ViewDefinition {
  readonly text: LocalisedText;
  /** The relation whose SQL computes the numbers. */
  readonly sqlModel: string;
  readonly version: string;
}

export interface Annotation {
  readonly date: string;
  readonly kind: 'holiday' | 'campaign' | 'release' | 'incident';
  readonly label: LocalisedText;
}

export interface View {
  readonly schema: `dongu.view.${ViewKind}/1`;
  readonly id: string;
  readonly kind: ViewKind;
  /** The lifecycle that the view is of; absent where no lifecycle is meant. */
  readonly lifecycle?: string;
  readonly snapshotId: string;
  readonly asOf: string;
  readonly grain: ViewGrain;
  readonly status: ViewStatus;
  readonly reason?: LocalisedText;
  readonly title: LocalisedText;
  readonly columns: readonly ViewColumn[];
  readonly rows: readonly (readonly Cell[])[];
  readonly annotations?: readonly Annotation[];
  /** Rows or cells hidden because they stand for fewer than k customers. */
  readonly suppressed?: { readonly k: number; readonly rows: number };
  readonly definition: ViewDefinition;
}

export interface FileReference {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
}

export interface PublishedView {
  readonly kind: ViewKind;
  readonly schema: string;
  readonly status: ViewStatus;
  readonly files: {
    readonly json: FileReference;
    readonly csv: FileReference;
    readonly csvTr: FileReference;
  };
}

export interface StageSummary {
  readonly id: string;
  readonly label: LocalisedText;
  /** The stage's rank, from 1. */
  readonly order: number;
  /** The stage that this one was split from; it need not be a stage of the lifecycle any more. */
  readonly parent?: string;
}

export interface LifecycleSummary {
  readonly id: string;
  readonly version: number;
  readonly label: LocalisedText;
  /** By order; the reserved stage of lapsed customers is not among them. */
  readonly stages: readonly StageSummary[];
}

export interface Manifest {
  readonly schema: 'dongu.snapshot/1';
  /** ULID: sorts by time. */
  readonly snapshotId: string;
  readonly generatedAt: string;
  readonly asOf: string;
  readonly timezone: string;
  readonly currency: string;
  readonly sector: string;
  readonly lifecycles: readonly LifecycleSummary[];
  readonly nextExpectedAt: string;
  readonly staleAfter: string;
  readonly run: {
    readonly status: 'ok' | 'partial';
    readonly failedViews: readonly string[];
    readonly runId: string;
    readonly modelVersion: string;
    readonly gitSha: string;
    readonly rowsIn: number;
  };
  readonly previous: string | null;
  readonly views: Readonly<Record<string, PublishedView>>;
}

/** What the page renderer is given: the manifest's head and the views themselves. */
export interface Snapshot {
  readonly manifest: Manifest;
  readonly views: readonly View[];
}
