import { BatchCreatePartitionCommand, type Table } from '@aws-sdk/client-glue';
import { notImitated } from './athena-refusal.ts';
import { ddlFailed, StatementFailure } from './execution-errors.ts';
import { existingTable } from './existing-table.ts';
import { forgetPartitions, type GlueTableName, partitionsOf } from './glue-lookups.ts';
import { TokenReader } from './hive-tokens.ts';
import { databaseOf, hiveRelation } from './relation-name.ts';
import { runInTrino, type StatementContext, type StatementPlan } from './statement-plan.ts';

interface PartitionPart {
  readonly values: Readonly<Record<string, string>>;
  readonly location: string | undefined;
}

function partitionPart(reader: TokenReader): PartitionPart {
  const values: Record<string, string> = {};
  reader.expect('partition', '(');
  do {
    const key = reader.hiveName();
    reader.expect('=');
    values[key] = reader.take('a value', 'text', 'doubleQuoted', 'word').value;
  } while (reader.accept(','));
  reader.expect(')');
  return { values, location: reader.accept('location') ? reader.text() : undefined };
}

function valuesFor(table: Table, part: PartitionPart): string[] {
  return (table.PartitionKeys ?? []).map(({ Name }) => {
    const value = part.values[Name ?? ''];
    if (value === undefined) {
      throw new StatementFailure(
        `FAILED: SemanticException [Error 10006]: Partition not found ${JSON.stringify(part.values)}`,
        ddlFailed,
      );
    }
    return value;
  });
}

function ownLocation(table: Table, values: readonly string[]): string {
  const folder = (table.PartitionKeys ?? []).map(({ Name }, index) => `${Name ?? ''}=${values[index] ?? ''}`);
  return `${(table.StorageDescriptor?.Location ?? '').replace(/\/$/, '')}/${folder.join('/')}/`;
}

async function addPartitions(
  context: StatementContext,
  at: GlueTableName,
  parts: readonly PartitionPart[],
  isForgiving: boolean,
): Promise<void> {
  const table = await existingTable(context, at);
  const answer = await context.glue.send(
    new BatchCreatePartitionCommand({
      DatabaseName: at.database,
      TableName: at.table,
      PartitionInputList: parts.map((part) => {
        const Values = valuesFor(table, part);
        return {
          Values,
          StorageDescriptor: {
            ...table.StorageDescriptor,
            Location: part.location ?? ownLocation(table, Values),
          },
        };
      }),
    }),
  );
  const failed = (answer.Errors ?? []).filter(
    ({ ErrorDetail }) => !(isForgiving && ErrorDetail?.ErrorCode === 'AlreadyExistsException'),
  );
  if (failed[0] !== undefined) {
    throw new StatementFailure(
      `FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. ${failed[0].ErrorDetail?.ErrorCode ?? ''}: ${failed[0].ErrorDetail?.ErrorMessage ?? ''}`,
      ddlFailed,
    );
  }
}

async function dropPartitions(
  context: StatementContext,
  at: GlueTableName,
  parts: readonly PartitionPart[],
  isForgiving: boolean,
): Promise<void> {
  const table = await existingTable(context, at);
  const wanted = parts.map((part) => valuesFor(table, part));
  const known = new Set((await partitionsOf(context.glue, at)).map(({ Values }) => JSON.stringify(Values)));
  const missing = wanted.filter((values) => !known.has(JSON.stringify(values)));
  if (missing.length > 0 && !isForgiving) {
    throw new StatementFailure(
      `FAILED: SemanticException [Error 10006]: Partition not found ${missing.map(String).join('; ')}`,
      ddlFailed,
    );
  }
  await forgetPartitions(
    context.glue,
    at,
    wanted.filter((values) => known.has(JSON.stringify(values))),
  );
}

/** ALTER TABLE … ADD and DROP PARTITION, in Glue. The files of a dropped partition stay. */
export function planAlterPartitions(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('alter', 'table');
  const name = hiveRelation(reader);
  const adds = reader.accept('add');
  if (!adds) {
    reader.expect('drop');
  }
  const isForgiving = adds ? reader.accept('if', 'not', 'exists') : reader.accept('if', 'exists');
  const parts: PartitionPart[] = [];
  do {
    parts.push(partitionPart(reader));
    // DROP sets its partitions apart by commas, ADD by blanks
    reader.accept(',');
  } while (reader.isNext('partition'));
  reader.end();
  return async (context) => {
    const at = { database: databaseOf(name, context.session.schema), table: name.relation };
    await (adds ? addPartitions : dropPartitions)(context, at, parts, isForgiving);
  };
}

function asText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** MSCK REPAIR TABLE adds the partitions whose folders are there and keeps those whose folders are gone. */
export function planRepair(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('msck', 'repair', 'table');
  const name = hiveRelation(reader);
  if (reader.peek() !== undefined) {
    throw notImitated('MSCK REPAIR TABLE with options');
  }
  return async (context, sink) => {
    const database = databaseOf(name, context.session.schema);
    const call = `CALL system.sync_partition_metadata(${asText(database)}, ${asText(name.relation)}, 'ADD')`;
    await runInTrino(call, context, { ...sink, columns: async () => undefined });
  };
}
