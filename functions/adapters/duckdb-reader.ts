import { access } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { DonguError, errorText, LakeError } from '../core/errors.ts';
import type { Row } from './duckdb-connection.ts';

/** The SQL of a person was not accepted. */
export class QueryError extends DonguError {}

export interface QueryAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/**
 * Runs a person's SQL over the published tables, in DuckDB's own dialect. The file is opened for reading, and
 * the engine can reach no other file and no network, whatever the SQL says.
 */
export async function queryWarehouse(path: string, sql: string): Promise<QueryAnswer> {
  await access(path).catch((error: unknown) => {
    throw new LakeError('there is no warehouse.duckdb yet', 'Build it first: dongu run.', { cause: error });
  });
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    await connection.run("set timezone = 'UTC'");
    await connection.run('set enable_external_access = false');
    await connection.run('set lock_configuration = true');
    const reader = await connection.runAndReadAll(sql).catch((error: unknown) => {
      throw new QueryError(errorText(error), 'The tables are listed by: dongu query "show tables".', {
        cause: error,
      });
    });
    return { columns: reader.columnNames(), rows: reader.getRowObjectsJson() as readonly Row[] };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
