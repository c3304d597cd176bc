import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchDeleteTableCommand,
  type Column,
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  EntityNotFoundException,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetTablesCommand,
  type GlueClient,
  type StorageDescriptor,
  type TableInput,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { z } from 'zod';
import { LakeError } from '../core/errors.ts';
import type { ColumnDataType } from '../core/model-definition.ts';
import type { Columns } from '../ports/warehouse.ts';

/** Tables that one request may delete. */
const DELETED_AT_ONCE = 100;

/** Tries of a change that meets another of the same table. */
const CHANGE_TRIES = 6;
const FIRST_WAIT_MILLISECONDS = 50;

const hiveTypes: Readonly<Partial<Record<ColumnDataType, string>>> = { varchar: 'string', integer: 'int' };

const hiveType = (type: ColumnDataType): string => hiveTypes[type] ?? type;

const columnsOf = (columns: Columns): Column[] =>
  Object.entries(columns).map(([Name, type]) => ({ Name, Type: hiveType(type) }));

export interface ParquetTable {
  readonly columns: Columns;
  /** `s3://bucket/folder/`: every object below it belongs to the table. */
  readonly location: string;
  readonly partitions?: Columns;
  readonly description?: string;
  /** Further properties, such as those of partition projection. */
  readonly parameters?: Readonly<Record<string, string>>;
}

function storage({ columns, location }: Pick<ParquetTable, 'columns' | 'location'>): StorageDescriptor {
  return {
    Columns: columnsOf(columns),
    Location: location,
    InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    Compressed: false,
    NumberOfBuckets: -1,
    StoredAsSubDirectories: false,
  };
}

function tableInput(name: string, table: ParquetTable): TableInput {
  return {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    ...(table.description && { Description: table.description.slice(0, 2048) }),
    PartitionKeys: columnsOf(table.partitions ?? {}),
    Parameters: { EXTERNAL: 'TRUE', 'parquet.compression': 'ZSTD', ...table.parameters },
    StorageDescriptor: storage(table),
  };
}

export interface DeclaredTable {
  readonly name: string;
  readonly location: string | undefined;
  /** Of a view. */
  readonly select: string | undefined;
}

/** Tables of Parquet objects in one Glue database. */
export class GlueTables {
  readonly #client: GlueClient;
  readonly database: string;

  constructor(client: GlueClient, database: string) {
    this.#client = client;
    this.database = database;
  }

  /** Makes the database where it is not there yet. */
  async open(description: string, location?: string): Promise<void> {
    const place = location === undefined ? {} : { LocationUri: location };
    try {
      await this.#client.send(
        new CreateDatabaseCommand({
          DatabaseInput: { Name: this.database, Description: description, ...place },
        }),
      );
    } catch (error) {
      if (!isNamed(error, 'AlreadyExistsException')) {
        throw error;
      }
    }
  }

  /** Declares a table, in place of one of that name. Its objects may come before or after. */
  async declare(name: string, table: ParquetTable): Promise<void> {
    const DatabaseName = this.database;
    const TableInput = tableInput(name, table);
    try {
      await whenFree(() => this.#client.send(new CreateTableCommand({ DatabaseName, TableInput })));
    } catch (error) {
      if (!isNamed(error, 'AlreadyExistsException')) {
        throw error;
      }
      // no run reads an earlier version, and an account may keep only so many
      const update = { DatabaseName, TableInput, SkipArchive: true };
      await whenFree(() => this.#client.send(new UpdateTableCommand(update)));
    }
  }

  /** Whether there is such a database. */
  async isThere(database = this.database): Promise<boolean> {
    try {
      await this.#client.send(new GetDatabaseCommand({ Name: database }));
      return true;
    } catch (error) {
      unlessMissing(error);
      return false;
    }
  }

  async dropAll(names: readonly string[]): Promise<void> {
    for (let from = 0; from < names.length; from += DELETED_AT_ONCE) {
      const TablesToDelete = names.slice(from, from + DELETED_AT_ONCE);
      const { Errors = [] } = await this.#client.send(
        new BatchDeleteTableCommand({ DatabaseName: this.database, TablesToDelete }),
      );
      const left = Errors.filter(({ ErrorDetail }) => ErrorDetail?.ErrorCode !== 'EntityNotFoundException');
      if (left.length > 0) {
        throw new LakeError(
          `${left.length} tables of ${this.database} could not be deleted: ${left[0]?.ErrorDetail?.ErrorMessage ?? ''}`,
          'Check that the role may delete tables there; dongu clean does it later.',
        );
      }
    }
  }

  async drop(name: string): Promise<void> {
    await this.#client
      .send(new DeleteTableCommand({ DatabaseName: this.database, Name: name }))
      .catch(unlessMissing);
  }

  /** All tables and views. */
  async all(): Promise<readonly DeclaredTable[]> {
    const tables: DeclaredTable[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new GetTablesCommand({ DatabaseName: this.database, NextToken: token }),
      );
      tables.push(
        ...(page.TableList ?? []).map(({ Name = '', StorageDescriptor, ViewOriginalText }) => ({
          name: Name,
          location: StorageDescriptor?.Location,
          select: ViewOriginalText === undefined ? undefined : selectOf(ViewOriginalText),
        })),
      );
      token = page.NextToken;
    } while (token !== undefined);
    return tables;
  }

  /** Deletes the database with the definitions of all its tables; their objects stay. */
  async close(): Promise<void> {
    await this.#client.send(new DeleteDatabaseCommand({ Name: this.database })).catch(unlessMissing);
  }
}

export interface DeclaredDatabase {
  readonly name: string;
  readonly location: string | undefined;
}

/** The databases whose names begin so. */
export async function databasesNamed(
  client: GlueClient,
  prefix: string,
): Promise<readonly DeclaredDatabase[]> {
  const databases: DeclaredDatabase[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(new GetDatabasesCommand({ NextToken: token }));
    databases.push(
      ...(page.DatabaseList ?? []).map(({ Name = '', LocationUri }) => ({
        name: Name,
        location: LocationUri,
      })),
    );
    token = page.NextToken;
  } while (token !== undefined);
  return databases.filter(({ name }) => name.startsWith(prefix));
}

const PrestoView = z.object({ originalSql: z.string() });

/** A view's select. The catalogue holds it as JSON in base64 within a comment. */
function selectOf(viewText: string): string | undefined {
  const encoded = /^\/\* Presto View: (?<text>[A-Za-z0-9+/=]+) \*\/$/.exec(viewText.trim())?.groups?.text;
  if (encoded === undefined) {
    return undefined;
  }
  try {
    return PrestoView.parse(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'))).originalSql;
  } catch {
    return undefined;
  }
}

/** Asks again, a little later, where somebody else changes the same table at that moment. */
async function whenFree(change: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await change();
      return;
    } catch (error) {
      if (tries === CHANGE_TRIES || !isNamed(error, 'ConcurrentModificationException')) {
        throw error;
      }
      await sleep(FIRST_WAIT_MILLISECONDS * 2 ** tries * (0.5 + Math.random() / 2));
    }
  }
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

function unlessMissing(error: unknown): void {
  if (!(error instanceof EntityNotFoundException)) {
    throw error;
  }
}
