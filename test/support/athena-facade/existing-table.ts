import type { Table } from '@aws-sdk/client-glue';
import { ddlFailed, StatementFailure } from './execution-errors.ts';
import { findTable, type GlueTableName } from './glue-lookups.ts';
import type { StatementContext } from './statement-plan.ts';

/** Hive's words for a table that is not there. */
export function missingTable(name: string): StatementFailure {
  return new StatementFailure(`FAILED: SemanticException [Error 10001]: Table not found ${name}`, ddlFailed);
}

export async function existingTable({ glue }: StatementContext, at: GlueTableName): Promise<Table> {
  const table = await findTable(glue, at);
  if (table === undefined) {
    throw missingTable(at.table);
  }
  return table;
}
