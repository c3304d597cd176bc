import { createHash } from 'node:crypto';
import { ModelError } from '../core/errors.ts';
import { mapSideBySide } from '../core/run-graph.ts';
import type { ScanCost } from '../core/run-report.ts';
import { located } from '../core/statement-error.ts';
import type { Steps } from '../ports/steps.ts';
import type {
  BuiltTable,
  Columns,
  LimitedSelect,
  ObjectAddress,
  TableShape,
  Warehouse,
  WarehouseRow,
} from '../ports/warehouse.ts';
import { AthenaError, servicesAsked } from './athena-faults.ts';
import type { AthenaStatements } from './athena-statements.ts';
import { type AthenaTables, monthColumn } from './athena-tables.ts';
import { quoted } from './duckdb-connection.ts';
import type { ParquetRows } from './parquet-rows.ts';
import type { S3ObjectStore } from './s3-object-store.ts';

export interface AthenaWarehouseParts {
  readonly runId: string;
  /** Of the run: `runs/ID/`. */
  readonly folder: string;
  readonly sideBySide: number;
  readonly statements: AthenaStatements;
  readonly tables: AthenaTables;
  readonly store: S3ObjectStore;
  readonly parquet: ParquetRows;
  readonly steps: Steps;
  /** Another text in each process that goes on with a run; empty in its first. */
  readonly attempt: string;
  /** Told of each zone of the lake, which readers get as a table once the run is published. */
  readonly noteRaw: (name: string, columns: Columns, objects: readonly ObjectAddress[]) => void;
}

/** Checks that are counted by one statement: fewer statements, but none of more stages than Trino allows. */
const CHECKS_AT_ONCE = 8;

/** The column by which the parts of a relation are kept apart, so that a part that failed can be written again. */
const PART = 'part';

/**
 * Builds in Athena. Every relation is a table or view of its plain name in the run's own Glue database, so that models
 * run unchanged; tables are declared through Glue from the columns of their YAML, at the run's own place, and filled by
 * INSERT: that works in a workgroup that enforces its settings too, where CTAS may not choose a place.
 */
export class AthenaWarehouse implements Warehouse {
  readonly sideBySide: number;
  readonly #parts: AthenaWarehouseParts;
  /** What was declared last under a name, by a digest of its rows. */
  readonly #declared = new Map<string, string>();
  readonly #uploads = new Map<string, Promise<void>>();
  /** Relations that take parts, each declared once. */
  readonly #parted = new Map<string, Promise<void>>();
  readonly #columns = new Map<string, Columns>();
  readonly #kept = new Map<string, readonly string[]>();

  constructor(parts: AthenaWarehouseParts) {
    this.sideBySide = parts.sideBySide;
    this.#parts = parts;
  }

  /** The tables that readers get, with their columns in order. */
  get kept(): ReadonlyMap<string, readonly string[]> {
    return this.#kept;
  }

  dependencies(select: string): Promise<readonly string[]> {
    return this.#parts.parquet.dependencies(select);
  }

  createEmpty(name: string, columns: Columns): Promise<void> {
    return this.createFromRows(name, columns, []);
  }

  async createFromRows(name: string, columns: Columns, rows: readonly WarehouseRow[]): Promise<void> {
    const text = JSON.stringify([columns, rows], (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
    const digest = createHash('sha256').update(text).digest('hex');
    this.#columns.set(name, columns);
    this.#parted.delete(name);
    if (this.#declared.get(name) === digest) {
      return;
    }
    const folder = `${this.#parts.folder}work/given/${rows.length === 0 ? 'nothing' : digest}/`;
    await this.#parts.steps.step(`given ${name}`, async () => {
      if (rows.length > 0) {
        await this.#uploadOnce(`${folder}rows.parquet`, columns, rows);
      }
      await this.#parts.tables.declare({ name, folder, columns });
    });
    this.#declared.set(name, digest);
  }

  async attachParquet(name: string, columns: Columns, wanted: readonly ObjectAddress[]): Promise<void> {
    // what has landed since the run began waits for the next
    const objects = await this.#parts.steps.step(`objects ${name}`, async () => wanted);
    const [first] = objects;
    if (first === undefined) {
      return this.createEmpty(name, columns);
    }
    // one table over the whole zone is listed a thousand objects at a time; partitions would each be listed alone
    const [all, chosen] = [`${name}__all`, `${name}__objects`];
    const folder = this.#parts.store.keyOf(first.replace(/\/source=.*$/, '/'));
    await this.#parts.steps.step(`zone ${name}`, () =>
      this.#parts.tables.declare({ name: all, folder, columns }),
    );
    const paths = objects.map((path) => ({ path }));
    await this.createFromRows(chosen, { path: 'varchar' }, paths);
    this.#parts.noteRaw(name, columns, objects);
    const names = Object.keys(columns).map(quoted).join(', ');
    await this.createView(
      name,
      `select ${names} from ${quoted(all)} where "$path" in (select "path" from ${quoted(chosen)})`,
    );
  }

  async createView(name: string, select: string): Promise<void> {
    this.#declared.delete(name);
    await this.#parts.steps.step(`view ${name}`, async () => {
      await this.#parts.statements.run(`create or replace view ${quoted(name)} as ${select}`);
    });
  }

  replaceTable(name: string, select: string, isKept: boolean, shape?: TableShape): Promise<BuiltTable> {
    return servicesAsked(() => this.#replaceTable(name, select, isKept, shape));
  }

  async #replaceTable(
    name: string,
    select: string,
    isKept: boolean,
    shape?: TableShape,
  ): Promise<BuiltTable> {
    if (!shape) {
      throw new ModelError(
        `${name}: Athena declares a table before it fills it, and its columns are not known`,
        'This is a fault of the program: please report it.',
      );
    }
    this.#declared.delete(name);
    const { folder, tables, runId, steps } = this.#parts;
    if (!isKept) {
      const work = { name, folder: `${folder}work/${name}/`, columns: shape.columns };
      return steps.step(`table ${name}`, () => tables.fill(work, select));
    }
    const table = {
      name,
      folder: `${folder}marts/${name}/`,
      columns: { ...shape.columns, run_id: 'varchar' } as const,
    };
    // the select begins on the first line, so that the engine's line numbers are the model's
    const rows = `select model.*, '${runId}' as run_id from (${select}\n) as model`;
    const { partition } = shape;
    this.#kept.set(name, [...Object.keys(table.columns), ...(partition ? [monthColumn(partition)] : [])]);
    return steps.step(`table ${name}`, () =>
      partition ? tables.fillByMonth(table, rows, partition) : tables.fill(table, rows),
    );
  }

  insertInto(name: string, part: string, select: string): Promise<BuiltTable> {
    return servicesAsked(() => this.#insertInto(name, part, select));
  }

  async #insertInto(name: string, part: string, select: string): Promise<BuiltTable> {
    const { tables, steps, store } = this.#parts;
    const folder = `${this.#parts.folder}work/${name}/`;
    const columns = this.#columns.get(name) ?? {};
    const partitions = { [PART]: 'varchar' } as const;
    const declare = () => tables.declare({ name, folder, columns, partitions });
    const declared = this.#parted.get(name) ?? steps.step(`parted ${name}`, declare);
    this.#declared.delete(name);
    this.#parted.set(name, declared);
    await declared;
    // a statement that was cancelled at its very end has left its partition in Glue: this one has its own
    const value = `${part}${this.#parts.attempt}`;
    const own = { name, folder: `${folder}${PART}=${value}/`, columns, partitions };
    const text = `select rows.*, '${value}' as ${PART} from (${select}\n) as rows`;
    return steps.step(`part ${name} ${part}`, async () => {
      // the rows of tries that were broken off with their process
      await store.deleteAll(`${folder}${PART}=${part}/`);
      await store.deleteAll(`${folder}${PART}=${part}-`);
      return tables.built(own.folder, [await tables.insert(own, text)]);
    });
  }

  rows(select: string): Promise<readonly WarehouseRow[]> {
    const digest = createHash('sha256').update(select).digest('hex');
    return this.#parts.steps.step(`rows ${digest}`, () => this.#parts.statements.rows(select));
  }

  async firstRows(selects: readonly LimitedSelect[]): Promise<readonly (readonly WarehouseRow[])[]> {
    const batches = Array.from({ length: Math.ceil(selects.length / CHECKS_AT_ONCE) }, (_, index) =>
      selects.slice(index * CHECKS_AT_ONCE, (index + 1) * CHECKS_AT_ONCE),
    );
    const answers = await mapSideBySide(batches, this.sideBySide, (batch) => this.#firstOfEach(batch));
    return answers.flat();
  }

  cpuSeconds(): undefined {
    return undefined;
  }

  spent(): ScanCost {
    return this.#parts.statements.spent;
  }

  close(): void {
    void this.#parts.parquet.close();
  }

  /** Counts the rows of all, then reads those of the few that have any. */
  async #firstOfEach(selects: readonly LimitedSelect[]): Promise<readonly (readonly WarehouseRow[])[]> {
    const counts = selects.map(
      ({ select }, index) =>
        `select ${index} as number, count(*) as count_rows from (${select}\n) as offending`,
    );
    const counted = await this.rows(counts.join('\nunion all\n')).catch((error: unknown) => {
      if (error instanceof AthenaError && !error.isPassing) {
        // one of them is wrong: asked alone, it says which
        return selects.map((_, index) => ({ number: index, count_rows: 1 }));
      }
      throw error;
    });
    const nonEmpty = new Set(
      counted.filter(({ count_rows }) => Number(count_rows) > 0).map(({ number }) => Number(number)),
    );
    const numbered = selects.map((select, index) => ({ ...select, index }));
    return mapSideBySide(numbered, this.sideBySide, async ({ select, limit, place, index }) =>
      nonEmpty.has(index)
        ? located(place, () => this.rows(`select * from (${select}\n) as offending limit ${limit}`))
        : [],
    );
  }

  #uploadOnce(key: string, columns: Columns, rows: readonly WarehouseRow[]): Promise<void> {
    const known = this.#uploads.get(key);
    if (known) {
      return known;
    }
    const upload = this.#parts.parquet.withFile(columns, rows, (path) =>
      this.#parts.store.uploadFile(key, path),
    );
    this.#uploads.set(key, upload);
    return upload;
  }
}
