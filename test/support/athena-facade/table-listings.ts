import { textColumn } from './column-info.ts';
import { ddlFailed, StatementFailure } from './execution-errors.ts';
import { existingTable, missingTable } from './existing-table.ts';
import { findTable, forgetTable, partitionsOf } from './glue-lookups.ts';
import { hivePattern, optionalPattern, showNames, tableNames } from './hive-listings.ts';
import { TokenReader } from './hive-tokens.ts';
import { databaseOf, hiveRelation } from './relation-name.ts';
import type { StatementPlan } from './statement-plan.ts';

/** SHOW TABLES names views too; SHOW VIEWS names views only. */
export function planShowTables(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('show');
  const onlyViews = reader.accept('views');
  if (!onlyViews) {
    reader.expect('tables');
  }
  const asked = reader.accept('in') || reader.accept('from') ? reader.hiveName() : undefined;
  const fits = hivePattern(optionalPattern(reader));
  reader.end();
  return async (context, sink) => {
    const database = asked ?? databaseOf(undefined, context.session.schema);
    const names = await tableNames(context, database, (type) => !onlyViews || type === 'VIRTUAL_VIEW');
    await showNames(sink, onlyViews ? 'view_name' : 'tab_name', names.filter(fits));
  };
}

export function planShowPartitions(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('show', 'partitions');
  const name = hiveRelation(reader);
  reader.end();
  return async (context, sink) => {
    const at = { database: databaseOf(name, context.session.schema), table: name.relation };
    const table = await existingTable(context, at);
    const keys = (table.PartitionKeys ?? []).map((key) => key.Name ?? '');
    const partitions = await partitionsOf(context.glue, at);
    const paths = partitions.map(({ Values }) =>
      keys.map((key, index) => `${key}=${Values?.[index] ?? ''}`).join('/'),
    );
    await showNames(sink, 'partition', paths.sort());
  };
}

function describeLine(parts: readonly (string | undefined)[]): string {
  return parts.map((part) => (part ?? '').padEnd(20)).join('\t');
}

export function planDescribe(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.take('DESCRIBE', 'word');
  const name = hiveRelation(reader);
  reader.end();
  return async (context, sink) => {
    const at = { database: databaseOf(name, context.session.schema), table: name.relation };
    const table = await existingTable(context, at);
    const columns = (table.StorageDescriptor?.Columns ?? []).map((column) => [
      column.Name,
      column.Type,
      column.Comment,
    ]);
    const keys = (table.PartitionKeys ?? []).map((column) => [column.Name, column.Type, column.Comment]);
    const partitions =
      keys.length === 0
        ? []
        : [[''], ['# Partition Information'], ['# col_name', 'data_type', 'comment'], ...keys];
    await sink.columns(['col_name', 'data_type', 'comment'].map(textColumn));
    // Hive answers one text a line, its parts set apart by tabulators
    await sink.rows([...columns, ...keys, ...partitions].map((parts) => [describeLine(parts)]));
  };
}

/** The entry in Glue goes; the files of an external table stay, and in Athena every table is external. */
export function planDropTable(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('drop', 'table');
  const isForgiving = reader.accept('if', 'exists');
  const name = hiveRelation(reader);
  reader.end();
  return async ({ glue, session }) => {
    const at = { database: databaseOf(name, session.schema), table: name.relation };
    const table = await findTable(glue, at);
    if (table?.TableType === 'VIRTUAL_VIEW') {
      throw new StatementFailure(`FAILED: SemanticException Cannot drop a view with DROP TABLE`, ddlFailed);
    }
    if (table !== undefined) {
      await forgetTable(glue, at);
    } else if (!isForgiving) {
      throw missingTable(name.relation);
    }
  };
}
