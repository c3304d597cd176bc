import type { Denial } from './denial.ts';
import { deniedFunctions } from './denied-functions.ts';
import { deniedSyntax } from './denied-syntax.ts';
import { deniedValues } from './denied-values.ts';

export const denials: readonly Denial[] = [...deniedSyntax, ...deniedFunctions, ...deniedValues];

/** Lower-case SQL without comments; string literals are emptied, quoted names keep their place. */
export function strippedSql(sql: string): string {
  const withoutTexts = sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (token) => {
    if (token.startsWith("'")) {
      return "''";
    }
    return token.startsWith('"') ? '"quoted"' : ' ';
  });
  return withoutTexts.toLowerCase();
}

/** What of the deny-list stands in a SQL text: name and the text that was found. */
export function denialsIn(sql: string): readonly string[] {
  const stripped = strippedSql(sql);
  return denials.flatMap(({ name, reason, instead, pattern }) => {
    const found = pattern instanceof RegExp ? pattern.exec(stripped)?.[0] : pattern(stripped);
    return found === undefined ? [] : [`${name}: "${found.trim()}". ${reason} Write: ${instead}`];
  });
}
