import { StatementFailure } from './execution-errors.ts';
import { findTable } from './glue-lookups.ts';
import { TokenReader } from './hive-tokens.ts';
import { databaseOf, trinoRelation } from './relation-name.ts';
import { runInTrino, type StatementPlan } from './statement-plan.ts';

/** DELETE, UPDATE and MERGE: documented for Iceberg tables only. Trino would delete whole partitions of Hive tables. */
export function planChangeOfRows(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.take('DELETE, UPDATE or MERGE', 'word');
  if (!reader.accept('from')) {
    reader.accept('into');
  }
  const target = trinoRelation(reader);
  return async (context, sink) => {
    const name = { database: databaseOf(target, context.session.schema), table: target.relation };
    const table = await findTable(context.glue, name);
    if (table !== undefined && table.Parameters?.table_type?.toUpperCase() !== 'ICEBERG') {
      throw new StatementFailure(
        'NOT_SUPPORTED: Modifying Hive table rows is only supported for transactional tables',
        { category: 2, type: 1200, retryable: false },
      );
    }
    await runInTrino(sql, context, sink);
  };
}
