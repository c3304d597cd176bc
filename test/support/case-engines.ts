import { tmpdir } from 'node:os';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import type { Warehouse } from '../../functions/ports/warehouse.ts';

export interface YieldedColumn {
  readonly name: string;
  /** As a model's YAML spells it. */
  readonly type: string;
}

export interface CaseEngine {
  readonly name: string;
  readonly open: () => Promise<Warehouse>;
  /** The columns of a select, in order, without running it. */
  readonly columnsOf: (warehouse: Warehouse, select: string) => Promise<readonly YieldedColumn[]>;
}

/** Engines that every SQL case runs on. */
export const caseEngines: readonly CaseEngine[] = [
  {
    name: 'duckdb',
    open: () =>
      DuckdbWarehouse.open({ memoryLimit: '512MB', threads: 1, temporaryDirectory: tmpdir() }, 'case-run'),
    columnsOf: async (warehouse, select) => {
      const rows = await warehouse.rows(`describe ${select}`);
      return rows.map((row) => ({
        name: String(row.column_name),
        type: String(row.column_type).toLowerCase(),
      }));
    },
  },
];
