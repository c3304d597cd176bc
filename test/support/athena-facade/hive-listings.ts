import { paginateGetTables } from '@aws-sdk/client-glue';
import { textColumn } from './column-info.ts';
import type { TokenReader } from './hive-tokens.ts';
import type { Sink, StatementContext } from './statement-plan.ts';

/** One column of names, a row each. */
export async function showNames(sink: Sink, column: string, values: readonly string[]): Promise<void> {
  await sink.columns([textColumn(column)]);
  await sink.rows(values.map((value) => [value]));
}

/** `'ev*|log'`: Hive's patterns know the star and alternatives, nothing else. */
export function hivePattern(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) {
    return () => true;
  }
  const parts = pattern.split('|').map((part) =>
    part
      .split('*')
      .map((piece) => piece.replace(/[.+?^${}()[\]\\]/g, String.raw`\$&`))
      .join('.*'),
  );
  const matcher = new RegExp(`^(${parts.join('|')})$`, 'i');
  return (name) => matcher.test(name);
}

export function optionalPattern(reader: TokenReader): string | undefined {
  const hasLike = reader.accept('like');
  return hasLike || reader.peek()?.kind === 'text' ? reader.text() : undefined;
}

export async function tableNames(
  context: StatementContext,
  database: string,
  isWanted: (type: string | undefined) => boolean,
): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of paginateGetTables({ client: context.glue }, { DatabaseName: database })) {
    const wanted = (page.TableList ?? []).filter(({ TableType }) => isWanted(TableType));
    names.push(...wanted.map(({ Name }) => Name ?? ''));
  }
  return names.sort();
}
