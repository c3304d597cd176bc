import type { GlueClient } from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Cells } from './result-spool.ts';
import { type TrinoColumn, type TrinoSession, trinoPages } from './trino-client.ts';
import { formatValue } from './value-format.ts';

/** Where a running statement puts what it finds out. */
export interface Sink {
  /** Before any row. */
  readonly columns: (columns: readonly TrinoColumn[]) => Promise<void>;
  readonly rows: (rows: readonly Cells[]) => Promise<void>;
  readonly bytesScanned: (bytes: number) => void;
  readonly updateCount: (rows: number) => void;
}

/** What a statement may use to do its work. */
export interface StatementContext {
  readonly session: TrinoSession;
  readonly glue: GlueClient;
  readonly s3: S3Client;
  readonly executionId: string;
  /** The prefix under which results and tables of this statement's work group go, with a slash at its end. */
  readonly resultPrefix: string;
  /** How many partitions one statement may make. */
  readonly mostNewPartitions: number;
  readonly signal: AbortSignal;
}

/** A statement of Athena's, ready to be run by the means of the bed. */
export type StatementPlan = (context: StatementContext, sink: Sink) => Promise<void>;

/** Runs a text in Trino and hands on everything that comes back. */
export async function runInTrino(sql: string, context: StatementContext, sink: Sink): Promise<void> {
  let columns: readonly TrinoColumn[] | undefined;
  for await (const page of trinoPages(context.session, sql, context.signal)) {
    if (columns === undefined && page.columns !== undefined) {
      columns = page.columns;
      await sink.columns(columns);
    }
    const types = (columns ?? []).map((column) => column.typeSignature);
    await sink.rows(page.rows.map((row) => row.map((value, index) => formatValue(value, types[index]))));
    sink.bytesScanned(page.stats.physicalInputBytes);
    if (page.updateCount !== undefined) {
      sink.updateCount(page.updateCount);
    }
  }
}

/** The same context with a property of the hive connector set for one statement. */
export function withSessionProperty(
  context: StatementContext,
  name: string,
  value: string | undefined,
): StatementContext {
  if (value === undefined) {
    return context;
  }
  const properties = { ...context.session.properties, [`awsdatacatalog.${name}`]: value };
  return { ...context, session: { ...context.session, properties } };
}
