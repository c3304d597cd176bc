import type { AthenaEngine } from '../core/configuration.ts';

export type AthenaSettings = AthenaEngine;

export const CATALOG = 'AwsDataCatalog';

/** The Glue database of one run: every relation that its models read or make has its plain name in it. */
export const runDatabase = (database: string, runId: string): string =>
  `${database}_run_${runId.toLowerCase()}`;

/** Where a run keeps what it builds. */
export const runFolder = (runId: string): string => `runs/${runId}/`;
