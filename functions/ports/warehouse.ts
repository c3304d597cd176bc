import type { ColumnDataType, TablePartition } from '../core/model-definition.ts';
import type { ScanCost } from '../core/run-report.ts';

export type WarehouseRow = Readonly<Record<string, unknown>>;

export type Columns = Readonly<Record<string, ColumnDataType>>;

export interface BuiltTable {
  readonly rows: number;
  /** What the table takes where it is held: stored when kept, else in memory. Undefined where the engine cannot tell. */
  readonly bytes: number | undefined;
  /** Only of an engine that bills by the byte. */
  readonly cost?: ScanCost;
}

/** What an engine that declares a table before it fills it has to know. */
export interface TableShape {
  readonly columns: Columns;
  /** How a large table is cut where it is stored; an engine that stores one file does not cut. */
  readonly partition?: TablePartition | undefined;
}

/** An object of the lake, where the engine finds it: a path, or a URI. */
export type ObjectAddress = string;

/**
 * An engine that turns selects into relations. A model is a bare select; what is put around it to make a
 * table (create or replace, CTAS, insert) is the engine's own business.
 */
export interface Warehouse {
  /** How many statements gain from running side by side. */
  readonly sideBySide: number;
  /** Relations that a select reads, itself excluded where a CTE hides a name. Throws ModelError with the line. */
  dependencies(select: string): Promise<readonly string[]>;
  /** An empty relation of these columns, for what the lake does not hold yet. */
  createEmpty(name: string, columns: Columns): Promise<void>;
  /** Small rows known to the program: parameters, seeds, catalogue. */
  createFromRows(name: string, columns: Columns, rows: readonly WarehouseRow[]): Promise<void>;
  /** A relation read straight from the lake's Parquet objects: exactly these, whatever lands meanwhile. */
  attachParquet(name: string, columns: Columns, objects: readonly ObjectAddress[]): Promise<void>;
  /** The select under a name, for the models after it; nothing is stored. */
  createView(name: string, select: string): Promise<void>;
  /** Stores the select's rows. `kept` tables are what readers get; others end with the build. */
  replaceTable(name: string, select: string, kept: boolean, shape?: TableShape): Promise<BuiltTable>;
  /** Adds the rows of one part, such as one KPI's, to a relation that was created empty. A part is added once. */
  insertInto(name: string, part: string, select: string): Promise<BuiltTable>;
  /**
   * All rows in memory: for small answers. Integers as numbers or text, decimals as text, times as text without
   * zeros at the end of a fraction.
   */
  rows(select: string): Promise<readonly WarehouseRow[]>;
  /** The first rows of each select. For checks, of which almost all have none. */
  firstRows(selects: readonly LimitedSelect[]): Promise<readonly (readonly WarehouseRow[])[]>;
  /** CPU seconds spent so far on this machine; undefined where the work is done elsewhere. */
  cpuSeconds(): number | undefined;
  /** What everything so far has cost; undefined where nothing is billed. */
  spent(): ScanCost | undefined;
  close(): void;
}

export interface LimitedSelect {
  readonly select: string;
  readonly limit: number;
  /** For the message when it fails. */
  readonly place: string;
}
