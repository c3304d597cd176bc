import { invalidRequest } from './athena-refusal.ts';
import type { Json } from './aws-json-server.ts';
import { columnInfo } from './column-info.ts';
import type { QueryExecution } from './query-execution.ts';
import { numberField, textField } from './request-fields.ts';
import type { Cells } from './result-spool.ts';
import type { TrinoColumn } from './trino-client.ts';

const mostRows = 1000;

function rowOf(cells: Cells): Json {
  return { Data: cells.map((cell) => (cell === null ? {} : { VarCharValue: cell })) };
}

function positionOf(token: string | undefined, id: string): number {
  if (token === undefined) {
    return 0;
  }
  const [owner, position] = Buffer.from(token, 'base64url').toString('utf8').split('@');
  if (owner !== id || position === undefined || !/^\d+$/.test(position)) {
    throw invalidRequest('NextToken is not valid');
  }
  return Number(position);
}

function tokenAt(position: number, id: string): string {
  return Buffer.from(`${id}@${position}`, 'utf8').toString('base64url');
}

const countColumn: TrinoColumn = {
  name: 'rows',
  type: 'bigint',
  typeSignature: { rawType: 'bigint', arguments: [] },
};

function columnsOf(execution: QueryExecution): readonly TrinoColumn[] {
  const { kind } = execution.request;
  if (kind.output === 'none') {
    return [countColumn];
  }
  return execution.columns;
}

/** One page of GetQueryResults. The header row counts towards the rows of the first page. */
export async function resultPage(execution: QueryExecution, input: Json): Promise<Json> {
  const most = numberField(input, 'MaxResults') ?? mostRows;
  if (most < 1 || most > mostRows) {
    throw invalidRequest(`MaxResults is more than maximum allowed length ${mostRows}.`);
  }
  const spool = execution.finishedSpool();
  const { id, kind } = execution.request;
  const token = textField(input, 'NextToken');
  const position = positionOf(token, id);
  const columns = columnsOf(execution);
  const header = kind.output === 'csv' && token === undefined ? [columns.map(({ name }) => name)] : [];
  const page = await spool?.page(position, most - header.length);
  const rows = kind.output === 'none' ? [] : [...header, ...(page?.rows ?? [])];
  return {
    UpdateCount: execution.updateCount ?? 0,
    ResultSet: { Rows: rows.map(rowOf), ResultSetMetadata: { ColumnInfo: columns.map(columnInfo) } },
    ...(page?.nextPosition === undefined ? {} : { NextToken: tokenAt(page.nextPosition, id) }),
  };
}
