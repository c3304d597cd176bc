import type { ScanCost } from './run-report.ts';

/** Athena bills a statement that reads anything for ten megabytes at least, and rounds up to whole megabytes. */
const LEAST_BYTES = 10 * 1024 ** 2;
const MEGABYTE = 1024 ** 2;
const TERABYTE = 1024 ** 4;

export interface ScannedStatement {
  readonly bytesScanned: number;
  /** Of statements that define something, and of those that fail; not of one that is cancelled. */
  readonly isFree: boolean;
}

export function scanCost({ bytesScanned, isFree }: ScannedStatement, dollarsPerTerabyte: number): ScanCost {
  if (isFree || bytesScanned === 0) {
    return { bytesScanned, dollars: 0 };
  }
  const billed = Math.max(LEAST_BYTES, Math.ceil(bytesScanned / MEGABYTE) * MEGABYTE);
  return { bytesScanned, dollars: (billed / TERABYTE) * dollarsPerTerabyte };
}

export const sumOfCosts = (costs: readonly (ScanCost | undefined)[]): ScanCost => ({
  bytesScanned: costs.reduce((sum, cost) => sum + (cost?.bytesScanned ?? 0), 0),
  dollars: costs.reduce((sum, cost) => sum + (cost?.dollars ?? 0), 0),
});
