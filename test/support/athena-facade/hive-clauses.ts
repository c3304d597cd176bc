import type { Column } from '@aws-sdk/client-glue';
import type { TokenReader } from './hive-tokens.ts';

/** A type up to the comma or bracket that ends it, without blanks, as Glue stores it. */
function typeText(reader: TokenReader): string {
  const first = reader.take('a type', 'word').value;
  const parts = [first];
  let depth = 0;
  while (depth > 0 || reader.isNext('<') || reader.isNext('(')) {
    const token = reader.take('a type', 'word', 'backticked', 'symbol');
    depth += token.value === '<' || token.value === '(' ? 1 : 0;
    depth -= token.value === '>' || token.value === ')' ? 1 : 0;
    parts.push(token.value);
  }
  return parts.join('').toLowerCase();
}

export function hiveColumns(reader: TokenReader): readonly Column[] {
  const found: Column[] = [];
  reader.expect('(');
  do {
    const Name = reader.hiveName();
    const Type = typeText(reader);
    const Comment = reader.accept('comment') ? reader.text() : undefined;
    found.push({
      Name,
      Type: Type === 'integer' ? 'int' : Type,
      ...(Comment === undefined ? {} : { Comment }),
    });
  } while (reader.accept(','));
  reader.expect(')');
  return found;
}

export function hiveProperties(reader: TokenReader): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  reader.expect('(');
  do {
    const key = reader.text();
    reader.expect('=');
    found[key] = reader.text();
  } while (reader.accept(','));
  reader.expect(')');
  return found;
}
