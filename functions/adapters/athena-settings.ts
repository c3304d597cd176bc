import type { AthenaEngine } from '../core/configuration.ts';

export type AthenaSettings = AthenaEngine;

export const CATALOG = 'AwsDataCatalog';

/** The Glue database of one run: every relation that its models read or make has its plain name in it. */
export const runDatabase = (database: string, runId: string): string =>
  `${database}_run_${runId.toLowerCase()}`;

/** Where a run keeps what it builds. */
export const runFolder = (runId: string): string => `runs/${runId}/`;

/** Within it, what readers get; all else is needed only while the run builds. */
export const martsFolder = (runId: string): string => `${runFolder(runId)}marts/`;
export const workFolder = (runId: string): string => `${runFolder(runId)}work/`;

/** What a run that may go on in another process has done. */
export const stepsFolder = (runId: string): string => `${workFolder(runId)}steps`;
