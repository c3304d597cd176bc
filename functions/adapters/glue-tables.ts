import {
  BatchDeleteTableCommand,
  type Column,
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  EntityNotFoundException,
  GetDatabasesCommand,
  GetTablesCommand,
  type GlueClient,
  type StorageDescriptor,
  type TableInput,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import type { ColumnDataType } from '../core/model-definition.ts';
import type { Columns } from '../ports/warehouse.ts';

/** Tables that one request may delete. */
const DELETED_AT_ONCE = 100;

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

/** Tables of Parquet objects in one Glue database. */
export class GlueTables {
  readonly #client: GlueClient;
  readonly database: string;

  constructor(client: GlueClient, database: string) {
    this.#client = client;
    this.database = database;
  }

  /** Makes the database where it is not there yet. */
  async open(description: string): Promise<void> {
    try {
      await this.#client.send(
        new CreateDatabaseCommand({ DatabaseInput: { Name: this.database, Description: description } }),
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
      await this.#client.send(new CreateTableCommand({ DatabaseName, TableInput }));
    } catch (error) {
      if (!isNamed(error, 'AlreadyExistsException')) {
        throw error;
      }
      await this.#client.send(new UpdateTableCommand({ DatabaseName, TableInput }));
    }
  }

  async dropAll(names: readonly string[]): Promise<void> {
    for (let from = 0; from < names.length; from += DELETED_AT_ONCE) {
      const TablesToDelete = names.slice(from, from + DELETED_AT_ONCE);
      await this.#client.send(new BatchDeleteTableCommand({ DatabaseName: this.database, TablesToDelete }));
    }
  }

  async drop(name: string): Promise<void> {
    await this.#client
      .send(new DeleteTableCommand({ DatabaseName: this.database, Name: name }))
      .catch(unlessMissing);
  }

  /** Names of all tables and views. */
  async names(): Promise<readonly string[]> {
    const names: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new GetTablesCommand({ DatabaseName: this.database, NextToken: token }),
      );
      names.push(...(page.TableList ?? []).map(({ Name = '' }) => Name));
      token = page.NextToken;
    } while (token !== undefined);
    return names;
  }

  /** Deletes the database with the definitions of all its tables; their objects stay. */
  async close(): Promise<void> {
    await this.#client.send(new DeleteDatabaseCommand({ Name: this.database })).catch(unlessMissing);
  }
}

/** Names of the databases that begin so. */
export async function databasesNamed(client: GlueClient, prefix: string): Promise<readonly string[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(new GetDatabasesCommand({ NextToken: token }));
    names.push(...(page.DatabaseList ?? []).map(({ Name = '' }) => Name));
    token = page.NextToken;
  } while (token !== undefined);
  return names.filter((name) => name.startsWith(prefix));
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

function unlessMissing(error: unknown): void {
  if (!(error instanceof EntityNotFoundException)) {
    throw error;
  }
}
