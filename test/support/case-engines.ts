import { tmpdir } from 'node:os';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import type { Warehouse } from '../../functions/ports/warehouse.ts';

export interface YieldedColumn {
  readonly name: string;
  /** As a model's YAML spells it. */
  readonly type: string;
}

/** A warehouse of one case at a time. */
export interface CaseWarehouse {
  readonly warehouse: Warehouse;
  /** The columns of a select, in order. */
  columnsOf(select: string): Promise<readonly YieldedColumn[]>;
  close(): Promise<void>;
}

export interface CaseEngine {
  readonly name: string;
  /** How many cases gain from running side by side, each in a warehouse of its own. */
  readonly sideBySide: number;
  open(): Promise<CaseWarehouse>;
}

/** A small warehouse in memory. */
export function openCaseDuckdb(): Promise<DuckdbWarehouse> {
  const settings = { memoryLimit: '512MB', threads: 1, temporaryDirectory: tmpdir() };
  return DuckdbWarehouse.open(settings, 'case-run');
}

async function openDuckdb(): Promise<CaseWarehouse> {
  const warehouse = await openCaseDuckdb();
  return {
    warehouse,
    columnsOf: async (select) => {
      const rows = await warehouse.rows(`describe ${select}`);
      return rows.map((row) => ({
        name: String(row.column_name),
        type: String(row.column_type).toLowerCase(),
      }));
    },
    close: async () => warehouse.close(),
  };
}

export const duckdbCases: CaseEngine = { name: 'duckdb', sideBySide: 1, open: openDuckdb };
