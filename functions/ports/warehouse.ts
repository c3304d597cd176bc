import type { ColumnDataType } from '../core/model-definition.ts';

export type WarehouseRow = Readonly<Record<string, unknown>>;

export type Columns = Readonly<Record<string, ColumnDataType>>;

export interface BuiltTable {
  readonly rows: number;
  /** What the table takes where it is held: on disk when kept, else in memory. Undefined where the engine cannot tell. */
  readonly bytes: number | undefined;
}

/**
 * An engine that turns selects into relations. A model is a bare select; what is put around it to make a
 * table (create or replace, CTAS, insert) is the engine's own business.
 */
export interface Warehouse {
  /** Relations that a select reads, itself excluded where a CTE hides a name. Throws ModelError with the line. */
  dependencies(select: string): Promise<readonly string[]>;
  /** An empty relation of these columns, for what the lake does not hold yet. */
  createEmpty(name: string, columns: Columns): Promise<void>;
  /** Small rows known to the program: parameters, seeds, catalogue. */
  createFromRows(name: string, columns: Columns, rows: readonly WarehouseRow[]): Promise<void>;
  /** A relation read straight from the lake's Parquet objects. */
  attachParquet(name: string, columns: Columns, paths: readonly string[]): Promise<void>;
  /** The select under a name, for the models after it; nothing is stored. */
  createView(name: string, select: string): Promise<void>;
  /** Stores the select's rows. `kept` tables are what readers get; others end with the build. */
  replaceTable(name: string, select: string, kept: boolean): Promise<BuiltTable>;
  insertInto(name: string, select: string): Promise<void>;
  /** All rows in memory: for small answers. Integers as numbers or text, decimals and times as text. */
  rows(select: string): Promise<readonly WarehouseRow[]>;
  /** CPU seconds spent so far, for the run report. */
  cpuSeconds(): number;
  /** Finishes the stored tables so that they can be switched in. */
  finish(): Promise<void>;
  close(): void;
}
