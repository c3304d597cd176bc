import { findTable } from './glue-lookups.ts';
import { TokenReader } from './hive-tokens.ts';
import { withPartitionLimit } from './partition-limit.ts';
import { databaseOf, trinoRelation } from './relation-name.ts';
import { runInTrino, type StatementPlan } from './statement-plan.ts';

export function planInsert(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('insert', 'into');
  const target = trinoRelation(reader);
  return async (context, sink) => {
    const name = { database: databaseOf(target, context.session.schema), table: target.relation };
    const table = await findTable(context.glue, name);
    const insert = (): Promise<void> => runInTrino(sql, context, sink);
    await ((table?.PartitionKeys ?? []).length > 0 ? withPartitionLimit(context, name, insert) : insert());
  };
}
