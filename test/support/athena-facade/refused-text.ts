import { invalidRequest } from './athena-refusal.ts';
import { countStatements } from './statement-text.ts';

/** Documented as the longest text of a statement, in bytes. */
export const longestStatement = 262_144;

/** What Athena refuses whatever the statement is. */
export function refuseBadText(sql: string): void {
  const bytes = Buffer.byteLength(sql);
  if (bytes > longestStatement) {
    throw invalidRequest(
      `Query string length ${bytes} is greater than the maximum length of ${longestStatement} bytes`,
      'INVALID_QUERY_LENGTH',
    );
  }
  const statements = countStatements(sql);
  if (statements === 0) {
    throw invalidRequest('Queries of this type are not supported', 'MALFORMED_QUERY');
  }
  if (statements > 1) {
    throw invalidRequest(`Only one sql statement is allowed. Got: ${sql.slice(0, 200)}`, 'MALFORMED_QUERY');
  }
}
