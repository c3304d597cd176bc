/** Looking at SQL without parsing it: where texts, quoted names and comments are, so that words in them are not seen. */

const opaque = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`/g;

/**
 * The statement in lower case and of the same length: comments become blanks, the insides of texts and of quoted names
 * become underscores. A position in it is a position in the statement.
 */
export function maskedSql(sql: string): string {
  const masked = sql.replace(opaque, (token) => {
    if (token.startsWith('--') || token.startsWith('/*')) {
      return token.replace(/[^\n]/g, ' ');
    }
    return token.charAt(0) + '_'.repeat(token.length - 2) + token.charAt(token.length - 1);
  });
  // toLowerCase could change the length (İ), which would move every position after it
  return masked.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Without blanks around and without the one semicolon that Athena lets stand at the end. */
export function trimmedStatement(sql: string): string {
  const masked = maskedSql(sql);
  const end = masked.trimEnd();
  return (end.endsWith(';') ? sql.slice(0, end.length - 1) : sql).trimEnd();
}

export function countStatements(sql: string): number {
  return maskedSql(sql)
    .split(';')
    .filter((part) => part.trim() !== '').length;
}

/** Positions of `?` that stand for a parameter. */
export function parameterPositions(sql: string): readonly number[] {
  return [...maskedSql(sql).matchAll(/\?/g)].map((found) => found.index);
}

/** Execution parameters are literals in text; each takes the place of one `?`. */
export function withParameters(sql: string, parameters: readonly string[]): string {
  const places = parameterPositions(sql);
  return places.reduceRight(
    (text, place, index) => text.slice(0, place) + (parameters[index] ?? '?') + text.slice(place + 1),
    sql,
  );
}
