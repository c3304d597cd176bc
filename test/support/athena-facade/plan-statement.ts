import { notImitated } from './athena-refusal.ts';
import type { StatementKind } from './statement-kind.ts';
import { runInTrino, type StatementPlan } from './statement-plan.ts';

/** Statements that mean the same in Trino. */
const asTheyAre: readonly string[] = ['SELECT', 'INSERT', 'CREATE_VIEW', 'DROP_VIEW', 'EXPLAIN'];

/** How a statement of Athena's is run on the bed; what is not translated is refused before it runs. */
export function planStatement(sql: string, kind: StatementKind): StatementPlan {
  if (asTheyAre.includes(kind.substatement)) {
    return (context, sink) => runInTrino(sql, context, sink);
  }
  throw notImitated(`the statement ${kind.substatement}`);
}
