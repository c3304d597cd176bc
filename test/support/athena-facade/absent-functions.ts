import { StatementFailure } from './execution-errors.ts';
import { maskedSql } from './statement-text.ts';

/*
 * Functions of the bed's Trino that Athena is not known to have: AWS states no version of Trino, so this is a belief, namely
 * that what came to Trino in its last two years is not there yet. Functions of plug-ins that the bed leaves out (AI, machine
 * learning, geography) fail by themselves.
 */
export const absentFunctions: readonly string[] = [
  'array_histogram',
  'cosine_distance',
  'dot_product',
  'euclidean_distance',
  'exclude_columns',
  't_cdf',
  't_pdf',
  'timezone',
];

const anyAbsent = new RegExp(String.raw`\b(?<name>${absentFunctions.join('|')})\s*\(`);

/** Fails a statement as Trino does where a function is unknown. */
export function refuseAbsentFunctions(sql: string): void {
  const match = anyAbsent.exec(maskedSql(sql));
  const name = match?.groups?.name;
  if (match === null || name === undefined) {
    return;
  }
  const before = sql.slice(0, match.index);
  const line = before.split('\n').length;
  const column = match.index - (before.lastIndexOf('\n') + 1) + 1;
  throw new StatementFailure(
    `FUNCTION_NOT_FOUND: line ${line}:${column}: Function '${name}' not registered`,
    {
      category: 2,
      type: 1303,
      retryable: false,
    },
  );
}
