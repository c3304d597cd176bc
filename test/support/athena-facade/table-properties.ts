import type { TokenReader } from './hive-tokens.ts';

/** `WITH (key = value, …)` of CTAS and UNLOAD: keys in lower case, values as they were written. */
export function writtenProperties(reader: TokenReader, sql: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  reader.expect('(');
  do {
    const key = reader.trinoName();
    reader.expect('=');
    found.set(key, valueText(reader, sql));
  } while (reader.accept(','));
  reader.expect(')');
  return found;
}

function valueText(reader: TokenReader, sql: string): string {
  const start = reader.position;
  let end = start;
  let depth = 0;
  while (depth > 0 || !(reader.isNext(',') || reader.isNext(')'))) {
    const token = reader.take('a value', 'word', 'text', 'doubleQuoted', 'symbol');
    depth += ['(', '['].includes(token.value) && token.kind === 'symbol' ? 1 : 0;
    depth -= [')', ']'].includes(token.value) && token.kind === 'symbol' ? 1 : 0;
    end = token.end;
  }
  return sql.slice(start, end);
}

/** A text's content; what is no text stays as it is. */
export function unquotedValue(value: string | undefined): string | undefined {
  return value?.startsWith("'") ? value.slice(1, -1).replaceAll("''", "'") : value;
}
