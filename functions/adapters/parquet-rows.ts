import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Columns, WarehouseRow } from '../ports/warehouse.ts';
import { DuckdbConnection, literal, quoted } from './duckdb-connection.ts';
import { createTemporaryTable } from './duckdb-rows.ts';
import { selectDependencies } from './duckdb-syntax.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

/** A small DuckDB of this process for what another engine needs of it: Parquet files of a few rows, and a parser. */
export class ParquetRows {
  readonly #connection: DuckdbConnection;
  readonly #folder: string;

  private constructor(connection: DuckdbConnection, folder: string) {
    this.#connection = connection;
    this.#folder = folder;
  }

  static async open(): Promise<ParquetRows> {
    const folder = await openTemporaryFolder(tmpdir());
    const settings = { memoryLimit: '512MB', threads: 1, temporaryDirectory: folder };
    return new ParquetRows(await DuckdbConnection.open(':memory:', settings), folder);
  }

  /** Writes the rows as a Parquet file and hands its path to `work`, after which it is gone. */
  async withFile<T>(
    columns: Columns,
    rows: readonly WarehouseRow[],
    work: (path: string) => Promise<T>,
  ): Promise<T> {
    const name = `rows_${randomUUID()}`;
    const path = join(this.#folder, `${name}.parquet`);
    await createTemporaryTable(this.#connection, name, columns, rows);
    await this.#connection.run(`copy ${quoted(name)} to ${literal(path)} (format parquet, compression zstd)`);
    await this.#connection.run(`drop table ${quoted(name)}`);
    try {
      return await work(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  dependencies(select: string): Promise<readonly string[]> {
    return selectDependencies(this.#connection, select);
  }

  async close(): Promise<void> {
    this.#connection.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
