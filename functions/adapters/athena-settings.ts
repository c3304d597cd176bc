/** How a project uses Athena. Region, credentials and endpoints come from where every AWS client looks for them. */
export interface AthenaSettings {
  readonly workgroup: string;
  /** The Glue database in which readers find the views of the last good run. */
  readonly database: string;
  /** `s3://bucket` or `s3://bucket/prefix`: the lake lies under it as in a home, and runs beside it. */
  readonly root: string;
  readonly region?: string | undefined;
  /** Statements at a time: no more than the account's quota of the workgroup allows. */
  readonly sideBySide: number;
  readonly statementMinutes: number;
  /** The list price of a terabyte scanned in the region, in US dollars. */
  readonly dollarsPerTerabyte: number;
}

export const CATALOG = 'AwsDataCatalog';

/** The Glue database of one run: every relation that its models read or make has its plain name in it. */
export const runDatabase = (database: string, runId: string): string =>
  `${database}_run_${runId.toLowerCase()}`;

/** Where a run keeps what it builds. */
export const runFolder = (runId: string): string => `runs/${runId}/`;
