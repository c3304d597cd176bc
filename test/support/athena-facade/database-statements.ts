import {
  CreateDatabaseCommand,
  DeleteDatabaseCommand,
  EntityNotFoundException,
  paginateGetDatabases,
} from '@aws-sdk/client-glue';
import { ddlFailed, StatementFailure } from './execution-errors.ts';
import { hivePattern, optionalPattern, showNames, tableNames } from './hive-listings.ts';
import { TokenReader } from './hive-tokens.ts';
import type { StatementPlan } from './statement-plan.ts';

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
    await showNames(sink, 'database_name', names.filter(fits).sort());
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
