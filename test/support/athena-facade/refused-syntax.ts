import { invalidRequest } from './athena-refusal.ts';
import { maskedSql } from './statement-text.ts';

/** What Trino 476 takes and Athena does not. The pattern looks at the masked statement; what it finds is the place. */
interface RefusedSyntax {
  readonly pattern: RegExp;
  readonly message: (place: string, found: string) => string;
}

function mismatched(expecting: string): RefusedSyntax['message'] {
  return (place, found) => `${place}: mismatched input '${found}'. Expecting: ${expecting}`;
}

const refused: readonly RefusedSyntax[] = [
  {
    pattern: /^\s*with\s+(?<found>function)\b/,
    message: mismatched("'RECURSIVE', <identifier>"),
  },
  { pattern: /(?<found>\bjson_table)\s*\(/, message: mismatched('<identifier>') },
  { pattern: /^\s*create\s+or\s+replace\s+(?<found>table)\b/, message: mismatched("'PROTECTED', 'VIEW'") },
  {
    pattern: /\b(union|intersect|except)\s+(all\s+|distinct\s+)?(?<found>corresponding)\b/,
    message: mismatched("'SELECT'"),
  },
  { pattern: /\bgroup\s+by\s+(?<found>auto)\b/, message: mismatched('<expression>') },
];

function placeIn(text: string, position: number): string {
  const before = text.slice(0, position);
  return `line ${before.split('\n').length}:${position - (before.lastIndexOf('\n') + 1) + 1}`;
}

export function refuseSyntax(sql: string): void {
  const masked = maskedSql(sql);
  for (const { pattern, message } of refused) {
    const match = pattern.exec(masked);
    const found = match?.groups?.found;
    if (match !== null && found !== undefined) {
      const position = match.index + match[0].lastIndexOf(found);
      const text = sql.slice(position, position + found.length);
      throw invalidRequest(message(placeIn(sql, position), text), 'MALFORMED_QUERY');
    }
  }
}
