import {
  CreateDatabaseCommand,
  DeleteDatabaseCommand,
  EntityNotFoundException,
  paginateGetDatabases,
  paginateGetTables,
} from '@aws-sdk/client-glue';
import { textColumn } from './column-info.ts';
import { ddlFailed, StatementFailure } from './execution-errors.ts';
import { findTable, forgetTable, partitionsOf } from './glue-lookups.ts';
import { TokenReader } from './hive-tokens.ts';
import { databaseOf, hiveRelation, type RelationName } from './relation-name.ts';
import type { Sink, StatementContext, StatementPlan } from './statement-plan.ts';

async function lines(sink: Sink, column: string, values: readonly string[]): Promise<void> {
  await sink.columns([textColumn(column)]);
  await sink.rows(values.map((value) => [value]));
}

/** `'ev*|log'`: Hive's patterns know the star and alternatives, nothing else. */
export function hivePattern(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) {
    return () => true;
  }
  const parts = pattern.split('|').map((part) =>
    part
      .split('*')
      .map((piece) => piece.replace(/[.+?^${}()[\]\\]/g, String.raw`\$&`))
      .join('.*'),
  );
  const matcher = new RegExp(`^(${parts.join('|')})$`, 'i');
  return (name) => matcher.test(name);
}

function optionalPattern(reader: TokenReader): string | undefined {
  const hasLike = reader.accept('like');
  return hasLike || reader.peek()?.kind === 'text' ? reader.text() : undefined;
}

export function planShowDatabases(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('show');
  if (!reader.accept('schemas')) {
    reader.expect('databases');
  }
  const fits = hivePattern(optionalPattern(reader));
  reader.end();
  return async ({ glue }, sink) => {
    const names: string[] = [];
    for await (const page of paginateGetDatabases({ client: glue }, {})) {
      names.push(...(page.DatabaseList ?? []).map(({ Name }) => Name ?? ''));
    }
    await lines(sink, 'database_name', names.filter(fits).sort());
  };
}

async function tableNames(
  context: StatementContext,
  database: string,
  isWanted: (type: string | undefined) => boolean,
): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of paginateGetTables({ client: context.glue }, { DatabaseName: database })) {
    const wanted = (page.TableList ?? []).filter(({ TableType }) => isWanted(TableType));
    names.push(...wanted.map(({ Name }) => Name ?? ''));
  }
  return names.sort();
}

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
    await lines(sink, onlyViews ? 'view_name' : 'tab_name', names.filter(fits));
  };
}

function missingTable(name: RelationName): StatementFailure {
  return new StatementFailure(
    `FAILED: SemanticException [Error 10001]: Table not found ${name.relation}`,
    ddlFailed,
  );
}

export function planShowPartitions(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('show', 'partitions');
  const name = hiveRelation(reader);
  reader.end();
  return async ({ glue, session }, sink) => {
    const at = { database: databaseOf(name, session.schema), table: name.relation };
    const table = await findTable(glue, at);
    if (table === undefined) {
      throw missingTable(name);
    }
    const keys = (table.PartitionKeys ?? []).map((key) => key.Name ?? '');
    const partitions = await partitionsOf(glue, at);
    const paths = partitions.map(({ Values }) =>
      keys.map((key, index) => `${key}=${Values?.[index] ?? ''}`).join('/'),
    );
    await lines(sink, 'partition', paths.sort());
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
  return async ({ glue, session }, sink) => {
    const table = await findTable(glue, { database: databaseOf(name, session.schema), table: name.relation });
    if (table === undefined) {
      throw missingTable(name);
    }
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
      throw missingTable(name);
    }
  };
}

export function planCreateDatabase(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('create');
  if (!reader.accept('schema')) {
    reader.expect('database');
  }
  const isForgiving = reader.accept('if', 'not', 'exists');
  const name = reader.hiveName();
  const comment = reader.accept('comment') ? reader.text() : undefined;
  const location = reader.accept('location') ? reader.text() : undefined;
  reader.end();
  return async ({ glue }) => {
    try {
      await glue.send(
        new CreateDatabaseCommand({
          DatabaseInput: {
            Name: name,
            ...(comment === undefined ? {} : { Description: comment }),
            ...(location === undefined ? {} : { LocationUri: location }),
          },
        }),
      );
    } catch (error) {
      const exists = error instanceof Error && error.name === 'AlreadyExistsException';
      if (!exists) {
        throw error;
      }
      if (!isForgiving) {
        throw new StatementFailure(
          `FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. Database ${name} already exists`,
          ddlFailed,
        );
      }
    }
  };
}

export function planDropDatabase(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('drop');
  if (!reader.accept('schema')) {
    reader.expect('database');
  }
  const isForgiving = reader.accept('if', 'exists');
  const name = reader.hiveName();
  const cascades = reader.accept('cascade');
  if (!cascades) {
    reader.accept('restrict');
  }
  reader.end();
  return async (context) => {
    try {
      const tables = cascades ? [] : await tableNames(context, name, () => true);
      if (tables.length > 0) {
        throw new StatementFailure(
          `FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. InvalidOperationException(message:Database ${name} is not empty. One or more tables exist.)`,
          ddlFailed,
        );
      }
      await context.glue.send(new DeleteDatabaseCommand({ Name: name }));
    } catch (error) {
      if (!(error instanceof EntityNotFoundException)) {
        throw error;
      }
      if (!isForgiving) {
        throw new StatementFailure(
          `FAILED: SemanticException [Error 10072]: Database does not exist: ${name}`,
          ddlFailed,
        );
      }
    }
  };
}
