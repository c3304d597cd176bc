import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText, LakeError, ModelError } from '../core/errors.ts';
import { located } from '../core/statement-error.ts';
import type { BuiltTable, Columns, LimitedSelect, Warehouse, WarehouseRow } from '../ports/warehouse.ts';
import { DuckdbConnection, type DuckdbSettings, literal, quoted } from './duckdb-connection.ts';
import { createTemporaryTable } from './duckdb-rows.ts';
import { selectDependencies } from './duckdb-syntax.ts';
import { sqlFolder } from './project-files.ts';

/**
 * Builds in DuckDB. Kept tables go into the attached database file; everything else is temporary. Trino's
 * functions are temporary macros of this connection only, so that no reader's SQL changes its meaning.
 */
export class DuckdbWarehouse implements Warehouse {
  /** One statement takes all cores. */
  readonly sideBySide = 1;
  readonly #connection: DuckdbConnection;
  readonly #path: string | undefined;
  readonly #runId: string;
  readonly #cpuAtStart = process.cpuUsage();
  /** Bytes of the tables in memory, from one table to the next; undefined when something else may have changed them. */
  #held: number | undefined;

  private constructor(connection: DuckdbConnection, path: string | undefined, runId: string) {
    this.#connection = connection;
    this.#path = path;
    this.#runId = runId;
  }

  /** With a path, kept tables are stored there, each row with the run's id; without one, all is in memory. */
  static async open(settings: DuckdbSettings, runId: string, path?: string): Promise<DuckdbWarehouse> {
    const connection = await DuckdbConnection.open(':memory:', settings);
    await connection.run('set integer_division = true');
    await connection.run('set preserve_insertion_order = false');
    await connection.run(await readFile(join(sqlFolder, 'duckdb', 'trino.sql'), 'utf8'));
    if (path) {
      // the newer text compression writes in two thirds of the time; where it is allowed, the older ones only cost trials
      await connection.run("set disabled_compression_methods = 'fsst,zstd'");
      await connection.run(`attach ${literal(path)} as stored (storage_version 'v1.3.0')`);
    }
    return new DuckdbWarehouse(connection, path, runId);
  }

  /** All in memory, beside a published file that is only read: its tables are `published.NAME`. */
  static async openBeside(settings: DuckdbSettings, path: string): Promise<DuckdbWarehouse> {
    await access(path).catch((error: unknown) => {
      throw new LakeError('there is no warehouse.duckdb yet', 'Build it first: dongu run.', { cause: error });
    });
    const warehouse = await DuckdbWarehouse.open(settings, 'unpublished');
    try {
      await warehouse.#connection.run(`attach ${literal(path)} as published (read_only)`);
    } catch (error) {
      warehouse.close();
      throw new LakeError(
        `warehouse.duckdb cannot be read: ${errorText(error).split('\n')[0] ?? ''}`,
        'Close the program that has it open for writing, or run again.',
        { cause: error },
      );
    }
    return warehouse;
  }

  dependencies(select: string): Promise<readonly string[]> {
    return selectDependencies(this.#connection, select);
  }

  createEmpty(name: string, columns: Columns): Promise<void> {
    this.#held = undefined;
    return createTemporaryTable(this.#connection, name, columns, []);
  }

  createFromRows(name: string, columns: Columns, rows: readonly WarehouseRow[]): Promise<void> {
    this.#held = undefined;
    return createTemporaryTable(this.#connection, name, columns, rows);
  }

  async attachParquet(name: string, columns: Columns, paths: readonly string[]): Promise<void> {
    if (paths.length === 0) {
      return this.createEmpty(name, columns);
    }
    // a column that older objects lack is null in them
    await this.createEmpty(`${name}_columns`, columns);
    const names = Object.keys(columns).map(quoted).join(', ');
    await this.#connection.run(`create or replace temp view ${quoted(name)} as
      select ${names} from (
        select * from ${quoted(`${name}_columns`)}
        union all by name
        select * from read_parquet([${paths.map(literal).join(', ')}], union_by_name = true, hive_partitioning = false)
      ) as attached`);
  }

  async createView(name: string, select: string): Promise<void> {
    await this.#connection.run(`create or replace temp view ${quoted(name)} as ${select}`);
  }

  async replaceTable(name: string, select: string, kept: boolean): Promise<BuiltTable> {
    if (kept && this.#path) {
      return this.#replaceStored(name, select);
    }
    const before = this.#held ?? (await this.#bytesInMemory());
    const rows = await this.#created(`create or replace temp table ${quoted(name)} as ${select}`);
    const after = await this.#bytesInMemory();
    this.#held = after;
    return {
      rows,
      bytes: before === undefined || after === undefined ? undefined : after - before,
    };
  }

  async #replaceStored(name: string, select: string): Promise<BuiltTable> {
    this.#held = undefined;
    // the select begins on the first line, so that the engine's line numbers are the model's
    const rows = await this.#created(
      `create or replace table stored.${quoted(name)} as select model.*, ${literal(this.#runId)} as run_id from (${select}\n) as model`,
    );
    // later models read it by its plain name, without the run's id
    await this.#connection.run(
      `create or replace temp view ${quoted(name)} as select * exclude (run_id) from stored.${quoted(name)}`,
    );
    // a small table has its blocks only after a checkpoint
    await this.#connection.run('checkpoint stored');
    const bytes = await this.#connection.count(`
      select (select block_size from pragma_database_size() where database_name = 'stored') * count(distinct block)
      from (
        select block_id as block from pragma_storage_info(${literal(`stored.${name}`)})
        union all
        select unnest(additional_block_ids) as block from pragma_storage_info(${literal(`stored.${name}`)})
      ) as blocks
      where block >= 0`);
    return { rows, bytes };
  }

  /** Creates a table from a select, and answers how many rows it has. */
  #created(statement: string): Promise<number> {
    return this.#connection.count(statement);
  }

  /** Of all tables in memory; unknown once some of them are spilled, because the spill is compressed. */
  async #bytesInMemory(): Promise<number | undefined> {
    const [row] = await this.#connection.rows(
      "select memory_usage_bytes as held, temporary_storage_bytes as spilled from duckdb_memory() where tag = 'IN_MEMORY_TABLE'",
    );
    return Number(row?.spilled ?? 0) > 0 ? undefined : Number(row?.held ?? 0);
  }

  async insertInto(name: string, _part: string, select: string): Promise<BuiltTable> {
    this.#held = undefined;
    const rows = await this.#connection.run(`insert into ${quoted(name)} ${select}`);
    return { rows, bytes: undefined };
  }

  async rows(select: string): Promise<readonly WarehouseRow[]> {
    return this.#connection.rows(select);
  }

  async firstRows(selects: readonly LimitedSelect[]): Promise<readonly (readonly WarehouseRow[])[]> {
    const answers: (readonly WarehouseRow[])[] = [];
    for (const { select, limit, place } of selects) {
      answers.push(
        await located(place, () => this.rows(`select * from (${select}\n) as offending limit ${limit}`)),
      );
    }
    return answers;
  }

  cpuSeconds(): number {
    const { user, system } = process.cpuUsage(this.#cpuAtStart);
    return (user + system) / 1e6;
  }

  spent(): undefined {
    return undefined;
  }

  /** Finishes the stored tables so that their file can be moved. */
  async finish(): Promise<void> {
    if (this.#path) {
      await this.#connection.run('checkpoint stored');
      await this.#connection.run("set schema = 'memory'").catch(() => undefined);
      await this.#connection.run('detach stored').catch((error: unknown) => {
        throw new ModelError(`the finished tables could not be closed: ${errorText(error)}`, 'Run again.', {
          cause: error,
        });
      });
    }
  }

  close(): void {
    this.#connection.close();
  }
}
