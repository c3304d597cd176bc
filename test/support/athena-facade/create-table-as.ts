import { invalidRequest } from './athena-refusal.ts';
import { TokenReader } from './hive-tokens.ts';
import { refuseTooManyPartitions } from './partition-limit.ts';
import { databaseOf, quoted, trinoRelation } from './relation-name.ts';
import { runInTrino, type StatementPlan, withSessionProperty } from './statement-plan.ts';
import { unquotedValue, writtenProperties } from './table-properties.ts';
import { refuseUntranslated, writtenTable } from './written-tables.ts';

const refusedLocation =
  "The Create Table As Select query failed because it was submitted with an 'external_location' property to an Athena Workgroup that enforces a centralized output location for all queries. Please remove the 'external_location' property and resubmit the query.";

/** CREATE TABLE AS: an external table, in Parquet unless told, under the results of its work group unless told. */
export function planCreateTableAs(sql: string, isEnforced: boolean): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('create', 'table');
  const isForgiving = reader.accept('if', 'not', 'exists');
  const name = trinoRelation(reader);
  const properties = reader.accept('with') ? writtenProperties(reader, sql) : new Map<string, string>();
  const asked = unquotedValue(properties.get('external_location'));
  if (asked !== undefined && isEnforced) {
    throw invalidRequest(refusedLocation);
  }
  refuseUntranslated(properties);
  reader.expect('as');
  const query = reader.rest();
  return async (context, sink) => {
    const at = { database: databaseOf(name, context.session.schema), table: name.relation };
    const location = asked ?? `${context.resultPrefix}tables/${context.executionId}/`;
    const table = writtenTable(properties, location);
    const head = `CREATE TABLE ${isForgiving ? 'IF NOT EXISTS ' : ''}${quoted(at.database)}.${quoted(at.table)}`;
    const text = `${head} WITH (${table.properties.join(', ')}) AS\n${query}`;
    await runInTrino(text, withSessionProperty(context, 'compression_codec', table.codec), sink);
    await refuseTooManyPartitions(context, at);
  };
}
