import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import type { DuckdbConnection, Row, Statements } from './duckdb-connection.ts';

const TABLE_AS = /^create (?:or replace )?temp table (\S+) as\s+/;
const TABLE = /^create temp table (\S+) \(/;
const DROP = /^drop table (\S+)$/;
const KEPT = /^(?:create (?:or replace )?temp (?:view|macro)|set variable|describe|-- )/;

/**
 * A connection on which the same statements come again and again, batch after batch. Planning landing's selects takes
 * several times as long as running them over a batch, so each is planned once: what makes a table the first time fills it the next time,
 * and what makes a view or a macro is done once. After an error nobody knows what is in its tables: it is of no use any more.
 */
export class WarmConnection implements Statements {
  readonly #connection: DuckdbConnection;
  readonly #prepared = new Map<string, DuckDBPreparedStatement>();
  readonly #tables = new Set<string>();
  /** Tables that may hold rows. */
  readonly #filled = new Set<string>();
  readonly #kept = new Map<string, readonly Row[]>();

  private constructor(connection: DuckdbConnection) {
    this.#connection = connection;
  }

  /** A plan must not rest on what the tables held when it was made: a filter that let everything pass would be gone. */
  static async over(connection: DuckdbConnection): Promise<WarmConnection> {
    await connection.run("set disabled_optimizers = 'statistics_propagation,compressed_materialization'");
    return new WarmConnection(connection);
  }

  async run(sql: string): Promise<number> {
    // nobody asks for the answer, and to fetch it costs as much as many a statement
    if (!(await this.#keptOrFilled(sql, []))) {
      await (await this.#ready(sql, [])).run();
    }
    return 0;
  }

  async rows(sql: string, values: readonly string[] = []): Promise<readonly Row[]> {
    const known = await this.#keptOrFilled(sql, values);
    if (known) {
      return known;
    }
    const reader = await (await this.#ready(sql, values)).runAndReadAll();
    return reader.getRowObjectsJson() as readonly Row[];
  }

  /** Undefined for a statement that is run each time as it stands. */
  async #keptOrFilled(sql: string, values: readonly string[]): Promise<readonly Row[] | undefined> {
    if (KEPT.test(sql)) {
      const kept = this.#kept.get(sql) ?? (await this.#connection.rows(sql));
      this.#kept.set(sql, kept);
      return kept;
    }
    const dropped = DROP.exec(sql)?.[1];
    if (dropped) {
      await this.#delete(dropped);
      return [];
    }
    const table = (TABLE_AS.exec(sql) ?? TABLE.exec(sql))?.[1];
    if (table) {
      await this.#fill(table, sql, values);
      return [];
    }
    return undefined;
  }

  async count(sql: string): Promise<number> {
    const [row] = await this.rows(sql);
    return Number(Object.values(row ?? {})[0] ?? 0);
  }

  /** Takes everything out of the tables and gives their memory back: what is only deleted stays, and every scan looks through it. */
  async empty(): Promise<void> {
    for (const table of this.#filled) {
      await this.#delete(table);
    }
    await this.#connection.run('checkpoint temp');
  }

  close(): void {
    this.#connection.close();
  }

  async #fill(table: string, sql: string, values: readonly string[]): Promise<void> {
    const isNew = !this.#tables.has(table);
    if (!isNew) {
      await this.#delete(table);
    }
    this.#filled.add(table);
    if (isNew) {
      await this.#connection.rows(sql, values);
      this.#tables.add(table);
    } else if (TABLE_AS.test(sql)) {
      await (await this.#ready(sql.replace(TABLE_AS, `insert into ${table} `), values)).run();
    }
  }

  async #delete(table: string): Promise<void> {
    if (this.#filled.delete(table)) {
      await (await this.#ready(`delete from ${table}`, [])).run();
    }
  }

  async #ready(sql: string, values: readonly string[]): Promise<DuckDBPreparedStatement> {
    const statement = this.#prepared.get(sql) ?? (await this.#connection.prepare(sql));
    this.#prepared.set(sql, statement);
    for (const [index, value] of values.entries()) {
      statement.bindVarchar(index + 1, value);
    }
    return statement;
  }
}
