import type { TablePartition } from '../core/model-definition.ts';
import { sumOfCosts } from '../core/scan-cost.ts';
import type { BuiltTable, Columns, WarehouseRow } from '../ports/warehouse.ts';
import { AthenaError } from './athena-faults.ts';
import type { AthenaStatements, FinishedStatement } from './athena-statements.ts';
import { quoted } from './duckdb-connection.ts';
import type { GlueTables } from './glue-tables.ts';
import { withColumnNamed } from './mismatched-columns.ts';
import type { S3ObjectStore } from './s3-object-store.ts';

/** Partitions that one statement of Athena may write. */
const OPEN_PARTITIONS = 100;

/** What stands in an object's path in place of a value that is null. */
const NO_VALUE = '__HIVE_DEFAULT_PARTITION__';

/** A table that a run fills: its objects lie under `folder` and nothing else does. */
export interface FilledTable {
  readonly name: string;
  readonly folder: string;
  readonly columns: Columns;
  /** Columns after those, by whose values the objects are parted. */
  readonly partitions?: Columns;
}

/** The partition column of a table that is cut by month, such as `occurred_at_month`. */
export const monthColumn = ({ of }: TablePartition): string => `${of}_month`;

const monthText = ({ of }: TablePartition): string => `date_format(${quoted(of)}, '%Y-%m')`;

/** Tables of one run: declared through Glue, filled by INSERT, emptied by deleting their objects. */
export class AthenaTables {
  readonly #statements: AthenaStatements;
  readonly #glue: GlueTables;
  readonly #store: S3ObjectStore;

  constructor(statements: AthenaStatements, glue: GlueTables, store: S3ObjectStore) {
    this.#statements = statements;
    this.#glue = glue;
    this.#store = store;
  }

  /** Declares the table over what its folder holds. */
  async declare({ name, folder, columns, partitions }: FilledTable): Promise<void> {
    const location = this.#store.address(folder);
    await this.#glue.declare(name, { columns, location, ...(partitions && { partitions }) });
  }

  /** Declares the table anew and fills it with the select's rows. */
  async fill(table: FilledTable, select: string): Promise<BuiltTable> {
    await this.#store.deleteAll(table.folder);
    await this.declare(table);
    return this.built(table.folder, [await this.insert(table, select)]);
  }

  /** The same, parted by month. A first try in one statement serves all but very long histories. */
  async fillByMonth(table: FilledTable, select: string, partition: TablePartition): Promise<BuiltTable> {
    const month = monthColumn(partition);
    const parted = { ...table, partitions: { [month]: 'varchar' } as const };
    await this.#store.deleteAll(table.folder);
    await this.declare(parted);
    try {
      const text = `select rows.*, ${monthText(partition)} as ${month} from (${select}\n) as rows`;
      return await this.built(table.folder, [await this.insert(parted, text)]);
    } catch (error) {
      if (!isTooManyPartitions(error)) {
        throw error;
      }
    }
    // what the failed statement wrote
    await this.#store.deleteAll(table.folder);
    return this.#fillInTurns(parted, select, partition);
  }

  /** One insert; what a try that failed has written is deleted before the next. */
  async insert(
    { name, folder, columns, partitions }: FilledTable,
    select: string,
  ): Promise<FinishedStatement> {
    try {
      return await this.#statements.withRetries(
        () => this.#statements.runOnce(`insert into ${quoted(name)} ${select}`),
        async () => void (await this.#store.deleteAll(folder)),
      );
    } catch (error) {
      throw withColumnNamed(error, Object.keys({ ...columns, ...partitions }));
    }
  }

  /** Computes the rows once, unparted, and then moves a hundred months at a time. */
  async #fillInTurns(table: FilledTable, select: string, partition: TablePartition): Promise<BuiltTable> {
    const staged = {
      name: `${table.name}__staged`,
      folder: `${table.folder.replace(/\/$/, '')}__staged/`,
      columns: table.columns,
    };
    const { cost } = await this.fill(staged, select);
    const month = monthText(partition);
    // rows of no month come as one more
    const months = await this.#statements.rows(
      `select distinct coalesce(${month}, '') as month from ${quoted(staged.name)} order by 1`,
    );
    const columns = Object.keys(table.columns).map(quoted).join(', ');
    const finished: FinishedStatement[] = [];
    for (let from = 0; from < months.length; from += OPEN_PARTITIONS) {
      const turn = months.slice(from, from + OPEN_PARTITIONS).map(monthOf);
      const list = turn.map((text) => `'${text}'`).join(', ');
      const text = `select ${columns}, ${month} from ${quoted(staged.name)} where coalesce(${month}, '') in (${list})`;
      finished.push(
        await this.#statements.withRetries(
          () => this.#statements.runOnce(`insert into ${quoted(table.name)} ${text}`),
          () => this.#emptyMonths(table.folder, monthColumn(partition), turn),
        ),
      );
    }
    await this.#glue.drop(staged.name);
    await this.#store.deleteAll(staged.folder);
    const built = await this.built(table.folder, finished);
    return { ...built, cost: sumOfCosts([cost, built.cost]) };
  }

  async #emptyMonths(folder: string, column: string, months: readonly string[]): Promise<void> {
    for (const month of months) {
      await this.#store.deleteAll(`${folder}${column}=${month === '' ? NO_VALUE : month}/`);
    }
  }

  /** What the statements wrote into the folder, and what they cost. */
  async built(folder: string, finished: readonly FinishedStatement[]): Promise<BuiltTable> {
    const objects = await this.#store.listObjects(folder);
    const written = await Promise.all(finished.map((one) => this.#statements.countWritten(one)));
    return {
      rows: written.reduce((sum, rows) => sum + rows, 0),
      bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
      cost: sumOfCosts(finished.map(({ cost }) => cost)),
    };
  }
}

const isTooManyPartitions = (error: unknown): boolean =>
  error instanceof AthenaError && /TOO_MANY_OPEN_PARTITIONS|open writers for partitions/.test(error.message);

/** A month that date_format has written, or nothing; anything else would be text of somebody's data in a statement. */
function monthOf({ month }: WarehouseRow): string {
  const text = String(month);
  if (!/^(-?\d{4,6}-\d{2})?$/.test(text)) {
    throw new AthenaError(`"${text}" is no month`, { isPassing: false });
  }
  return text;
}
