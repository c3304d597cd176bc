import { errorText } from '../core/errors.ts';
import { AthenaError } from './athena-faults.ts';

/** The types of a list such as `varchar, decimal(18,2), row(a integer, b date)`. */
function typesOf(list: string): readonly string[] {
  const types: string[] = [];
  let depth = 0;
  let type = '';
  for (const letter of list) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    if (letter === ',' && depth === 0) {
      types.push(type.trim());
      type = '';
    } else {
      type += letter;
    }
  }
  return [...types, type.trim()];
}

const numbers = ['integer', 'bigint', 'decimal', 'double'];

const kindOf = (type: string): string => type.replace(/\(.*$/, '');

/** Digits before and after the point of a type such as `decimal(18,2)`. */
function digitsOf(type: string): readonly [whole: number, fraction: number] | undefined {
  const { precision, scale } = /^decimal\((?<precision>\d+), ?(?<scale>\d+)\)$/.exec(type)?.groups ?? {};
  return precision === undefined ? undefined : [Number(precision) - Number(scale), Number(scale)];
}

/** Whether the engine takes the one type for the other: a shorter text, a narrower number, a null without a type. */
function fits(given: string, declared: string): boolean {
  const [from, to] = [kindOf(given), kindOf(declared)];
  const [narrow, wide] = [digitsOf(given), digitsOf(declared)];
  if (narrow && wide) {
    return narrow[0] <= wide[0] && narrow[1] <= wide[1];
  }
  const isWider = numbers.includes(from) && numbers.indexOf(to) > numbers.indexOf(from);
  const isText = (from === 'varchar' || from === 'char') && to === 'varchar';
  return given === declared || given === 'unknown' || isWider || isText;
}

/**
 * Athena lists the types of a whole table and of a whole query when one of them differs. Says which column it is,
 * what the model gives and what its YAML says; any other error stays as it is.
 */
export function withColumnNamed(error: unknown, columns: readonly string[]): unknown {
  const lists = /mismatched column types: Table: \[(?<table>.*)\], Query: \[(?<query>.*)\]/.exec(
    errorText(error),
  );
  if (!(error instanceof AthenaError) || !lists?.groups) {
    return error;
  }
  const declared = typesOf(lists.groups.table ?? '');
  const given = typesOf(lists.groups.query ?? '');
  if (declared.length !== given.length) {
    const message = `the select yields ${given.length} columns, its table has ${declared.length}: ${columns.join(', ')}`;
    return new AthenaError(message, { isPassing: false, queryId: error.queryId }, { cause: error });
  }
  const different = columns.flatMap((column, index) =>
    fits(given[index] ?? '', declared[index] ?? '')
      ? []
      : [`${column}: the select gives ${given[index]}, its YAML says ${declared[index]}`],
  );
  if (different.length === 0) {
    return error;
  }
  return new AthenaError(
    `the types of columns differ: ${different.join('; ')}`,
    { isPassing: false, queryId: error.queryId },
    { cause: error },
  );
}
