import { type Table, type TableInput, UpdateTableCommand } from '@aws-sdk/client-glue';
import { textColumn } from './column-info.ts';
import { existingTable } from './existing-table.ts';
import { hiveColumns, hiveProperties } from './hive-clauses.ts';
import { TokenReader } from './hive-tokens.ts';
import { databaseOf, hiveRelation } from './relation-name.ts';
import type { StatementPlan } from './statement-plan.ts';

/** Statements about one table that Glue answers alone. */

/** What Glue lets one write of what it lets one read. */
function inputOf(table: Table): TableInput {
  return {
    Name: table.Name,
    Description: table.Description,
    Owner: table.Owner,
    Retention: table.Retention,
    StorageDescriptor: table.StorageDescriptor,
    PartitionKeys: table.PartitionKeys,
    ViewOriginalText: table.ViewOriginalText,
    ViewExpandedText: table.ViewExpandedText,
    TableType: table.TableType,
    Parameters: table.Parameters,
  };
}

/** ALTER TABLE … SET TBLPROPERTIES, ADD COLUMNS and REPLACE COLUMNS. */
export function planAlterTable(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('alter', 'table');
  const name = hiveRelation(reader);
  const change = tableChange(reader);
  reader.end();
  return async (context) => {
    const at = { database: databaseOf(name, context.session.schema), table: name.relation };
    const table = await existingTable(context, at);
    const TableInput = change(inputOf(table));
    await context.glue.send(new UpdateTableCommand({ DatabaseName: at.database, TableInput }));
  };
}

function tableChange(reader: TokenReader): (table: TableInput) => TableInput {
  if (reader.accept('set')) {
    reader.expect('tblproperties');
    const properties = hiveProperties(reader);
    return (table) => ({ ...table, Parameters: { ...table.Parameters, ...properties } });
  }
  const adds = reader.accept('add');
  if (!adds) {
    reader.expect('replace');
  }
  reader.expect('columns');
  const columns = hiveColumns(reader);
  return (table) => ({
    ...table,
    StorageDescriptor: {
      ...table.StorageDescriptor,
      Columns: [...(adds ? (table.StorageDescriptor?.Columns ?? []) : []), ...columns],
    },
  });
}

export function planShowProperties(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('show', 'tblproperties');
  const name = hiveRelation(reader);
  reader.end();
  return async (context, sink) => {
    const at = { database: databaseOf(name, context.session.schema), table: name.relation };
    const { Parameters = {} } = await existingTable(context, at);
    await sink.columns([textColumn('prpt_name'), textColumn('prpt_value')]);
    await sink.rows(Object.entries(Parameters).map(([key, value]) => [`${key}\t${value}`]));
  };
}

export function planShowColumns(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('show', 'columns');
  if (!reader.accept('in')) {
    reader.expect('from');
  }
  const named = hiveRelation(reader);
  const database = reader.accept('in') || reader.accept('from') ? reader.hiveName() : named.database;
  reader.end();
  return async (context, sink) => {
    const at = {
      database: databaseOf({ ...named, database }, context.session.schema),
      table: named.relation,
    };
    const { StorageDescriptor, PartitionKeys = [] } = await existingTable(context, at);
    const columns = [...(StorageDescriptor?.Columns ?? []), ...PartitionKeys];
    await sink.columns([textColumn('field')]);
    await sink.rows(columns.map(({ Name }) => [(Name ?? '').padEnd(20)]));
  };
}
