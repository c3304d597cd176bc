import { findTable, forgetTable } from './glue-lookups.ts';
import { TokenReader } from './hive-tokens.ts';
import { databaseOf, quoted } from './relation-name.ts';
import { runInTrino, type StatementPlan, withSessionProperty } from './statement-plan.ts';
import { writtenProperties } from './table-properties.ts';
import { refuseUntranslated, writtenTable } from './written-tables.ts';

function queryInBrackets(reader: TokenReader, sql: string): string {
  reader.expect('(');
  const start = reader.position;
  let depth = 1;
  let end = start;
  while (depth > 0) {
    const token = reader.take("')'", 'word', 'text', 'doubleQuoted', 'backticked', 'symbol');
    depth += token.kind === 'symbol' && token.value === '(' ? 1 : 0;
    depth -= token.kind === 'symbol' && token.value === ')' ? 1 : 0;
    end = token.start;
  }
  return sql.slice(start, end);
}

/** UNLOAD: a table that is made for its files and forgotten at once. */
export function planUnload(sql: string): StatementPlan {
  const reader = new TokenReader(sql);
  reader.expect('unload');
  const query = queryInBrackets(reader, sql);
  reader.expect('to');
  const asked = reader.text();
  const location = asked.endsWith('/') ? asked : `${asked}/`;
  reader.expect('with');
  const properties = writtenProperties(reader, sql);
  refuseUntranslated(properties);
  const table = writtenTable(properties, location);
  reader.end();
  return async (context, sink) => {
    const at = {
      database: databaseOf(undefined, context.session.schema),
      table: `unload_${context.executionId.replaceAll('-', '_')}`,
    };
    const text = `CREATE TABLE ${quoted(at.database)}.${quoted(at.table)} WITH (${table.properties.join(', ')}) AS\n${query}`;
    try {
      await runInTrino(text, withSessionProperty(context, 'compression_codec', table.codec), sink);
    } finally {
      if ((await findTable(context.glue, at)) !== undefined) {
        await forgetTable(context.glue, at);
      }
    }
  };
}
