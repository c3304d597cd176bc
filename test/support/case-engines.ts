import { tmpdir } from 'node:os';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import type { Warehouse } from '../../functions/ports/warehouse.ts';

export interface CaseEngine {
  readonly name: string;
  readonly open: () => Promise<Warehouse>;
}

/** Engines that every SQL case runs on. */
export const caseEngines: readonly CaseEngine[] = [
  {
    name: 'duckdb',
    open: () =>
      DuckdbWarehouse.open({ memoryLimit: '512MB', threads: 1, temporaryDirectory: tmpdir() }, 'case-run'),
  },
];
