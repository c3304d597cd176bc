import { invalidRequest } from './athena-refusal.ts';

/** Words of Hive's DDL, which Trino's parser does not read. */
export interface Token {
  readonly kind: 'word' | 'backticked' | 'doubleQuoted' | 'text' | 'symbol';
  /** Without quotes; words in lower case. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const tokenPattern =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\s+|(?<text>'(?:[^']|'')*')|(?<double>"(?:[^"]|"")*")|(?<back>`(?:[^`]|``)*`)|(?<word>[\p{L}\p{N}_$]+)|(?<symbol>[\s\S])/gu;

function unquoted(token: string): string {
  const quote = token.charAt(0);
  return token.slice(1, -1).replaceAll(quote + quote, quote);
}

function tokenOf(found: RegExpExecArray): readonly Token[] {
  const { text, double, back, word, symbol } = found.groups ?? {};
  const place = { start: found.index, end: found.index + found[0].length };
  if (text !== undefined) {
    return [{ kind: 'text', value: unquoted(text), ...place }];
  }
  if (double !== undefined) {
    return [{ kind: 'doubleQuoted', value: unquoted(double), ...place }];
  }
  if (back !== undefined) {
    return [{ kind: 'backticked', value: unquoted(back), ...place }];
  }
  if (word !== undefined) {
    return [{ kind: 'word', value: word.toLowerCase(), ...place }];
  }
  return symbol === undefined ? [] : [{ kind: 'symbol', value: symbol, ...place }];
}

/** Reads a statement from left to right and refuses, with its place, what it does not expect. */
export class TokenReader {
  readonly #sql: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(sql: string) {
    this.#sql = sql;
    this.#tokens = [...sql.matchAll(tokenPattern)].flatMap(tokenOf);
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#next + ahead];
  }

  /** Position in the statement of what comes next. */
  get position(): number {
    return this.peek()?.start ?? this.#sql.length;
  }

  isNext(...values: readonly string[]): boolean {
    return values.every((value, index) => {
      const token = this.peek(index);
      return (token?.kind === 'word' || token?.kind === 'symbol') && token.value === value;
    });
  }

  /** Takes these words if all of them come next. */
  accept(...values: readonly string[]): boolean {
    if (!this.isNext(...values)) {
      return false;
    }
    this.#next += values.length;
    return true;
  }

  expect(...values: readonly string[]): void {
    for (const value of values) {
      if (!this.accept(value)) {
        this.refuse(`'${value.toUpperCase()}'`);
      }
    }
  }

  take(expected: string, ...kinds: readonly Token['kind'][]): Token {
    const token = this.peek();
    if (token === undefined || !kinds.includes(token.kind)) {
      this.refuse(expected);
    }
    this.#next += 1;
    return token;
  }

  /** A text of Hive's, in either kind of quotes. */
  text(): string {
    return this.take('STRING', 'text', 'doubleQuoted').value;
  }

  /** A name of Hive's: bare or in backticks. Double quotes hold a text there, and Athena refuses them. */
  hiveName(): string {
    return this.take('identifier', 'word', 'backticked').value.toLowerCase();
  }

  /** A name of Trino's: bare or in double quotes. */
  trinoName(): string {
    return this.take('identifier', 'word', 'doubleQuoted').value.toLowerCase();
  }

  end(): void {
    if (this.peek() !== undefined) {
      this.refuse('<EOF>');
    }
  }

  refuse(expected: string): never {
    const before = this.#sql.slice(0, this.position);
    const line = before.split('\n').length;
    const column = this.position - (before.lastIndexOf('\n') + 1) + 1;
    const token = this.peek();
    const found = token === undefined ? '<EOF>' : this.#sql.slice(token.start, token.end);
    throw invalidRequest(
      `line ${line}:${column}: mismatched input '${found}'. Expecting: ${expected}`,
      'MALFORMED_QUERY',
    );
  }

  rest(): string {
    return this.#sql.slice(this.position);
  }
}
