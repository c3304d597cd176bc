import { type DuckDBConnection, DuckDBInstance, type DuckDBPreparedStatement } from '@duckdb/node-api';

export interface DuckdbSettings {
  readonly memoryLimit: string;
  readonly threads?: number;
  /** Where DuckDB spills what does not fit in memory. */
  readonly temporaryDirectory: string;
}

export type Row = Readonly<Record<string, unknown>>;

/** A text as a SQL literal. For the project's own paths and names only, never for received data. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What runs statements, one after the other. */
export interface Statements {
  run(sql: string): Promise<number>;
  rows(sql: string, values?: readonly string[]): Promise<readonly Row[]>;
  count(sql: string): Promise<number>;
}

/** One DuckDB in this process, with limits set and no way to the network. */
export class DuckdbConnection implements Statements {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(path: string, settings: DuckdbSettings): Promise<DuckdbConnection> {
    const instance = await DuckDBInstance.create(path, {
      memory_limit: settings.memoryLimit,
      temp_directory: settings.temporaryDirectory,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      ...(settings.threads === undefined ? {} : { threads: String(settings.threads) }),
    });
    const connection = await instance.connect();
    await connection.run("set timezone = 'UTC'");
    return new DuckdbConnection(instance, connection);
  }

  /** Answers how many rows the statement changed. */
  async run(sql: string): Promise<number> {
    return (await this.#connection.run(sql)).rowsChanged;
  }

  /** All rows in memory, values as JSON knows them: big integers, decimals and times as text. `values` fill $1, $2, … */
  async rows(sql: string, values: readonly string[] = []): Promise<readonly Row[]> {
    const reader = await this.#connection.runAndReadAll(sql, [...values]);
    return reader.getRowObjectsJson() as readonly Row[];
  }

  /** The one number of a one-row, one-column answer. */
  async count(sql: string): Promise<number> {
    const [row] = await this.rows(sql);
    return Number(Object.values(row ?? {})[0] ?? 0);
  }

  /** A statement that is planned once and runs often. */
  prepare(sql: string): Promise<DuckDBPreparedStatement> {
    return this.#connection.prepare(sql);
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}
