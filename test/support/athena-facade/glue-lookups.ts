import {
  DeletePartitionCommand,
  DeleteTableCommand,
  EntityNotFoundException,
  GetTableCommand,
  type GlueClient,
  type Partition,
  paginateGetPartitions,
  type Table,
} from '@aws-sdk/client-glue';

export interface GlueTableName {
  readonly database: string;
  readonly table: string;
}

export async function findTable(glue: GlueClient, name: GlueTableName): Promise<Table | undefined> {
  try {
    const found = await glue.send(new GetTableCommand({ DatabaseName: name.database, Name: name.table }));
    return found.Table;
  } catch (error) {
    if (error instanceof EntityNotFoundException) {
      return undefined;
    }
    throw error;
  }
}

export async function partitionsOf(glue: GlueClient, name: GlueTableName): Promise<readonly Partition[]> {
  const pages = paginateGetPartitions(
    { client: glue },
    { DatabaseName: name.database, TableName: name.table },
  );
  const partitions: Partition[] = [];
  for await (const page of pages) {
    partitions.push(...(page.Partitions ?? []));
  }
  return partitions;
}

/** One call each: the emulator has no BatchDeletePartition. */
export async function forgetPartitions(
  glue: GlueClient,
  name: GlueTableName,
  partitions: readonly (readonly string[])[],
): Promise<void> {
  for (const values of partitions) {
    await glue.send(
      new DeletePartitionCommand({
        DatabaseName: name.database,
        TableName: name.table,
        PartitionValues: [...values],
      }),
    );
  }
}

export async function forgetTable(glue: GlueClient, name: GlueTableName): Promise<void> {
  await glue.send(new DeleteTableCommand({ DatabaseName: name.database, Name: name.table }));
}
