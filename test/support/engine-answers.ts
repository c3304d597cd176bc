import { tmpdir } from 'node:os';
import { DuckdbWarehouse } from '../../functions/adapters/duckdb-warehouse.ts';
import { TrinoSession } from './trino-session.ts';

export type Cell = string | number | boolean | null | readonly Cell[];

/** What an engine gave: cells as the warehouse port normalises them, or the first line of its error. */
export type Answer =
  | { readonly columns: readonly AnswerColumn[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly error: string };

export interface AnswerColumn {
  readonly name: string;
  /** What a model may rely on: a decimal's scale counts, an integer's width and a text's length do not. */
  readonly type: string;
}

export interface Engine {
  readonly name: 'duckdb' | 'trino';
  answer(select: string): Promise<Answer>;
  close(): void;
}

const integers = /^u?(tiny|small|big|huge)?int(eger)?$/;

/** One name for what both engines call a type. */
export function typeClass(engineType: string): string {
  const type = engineType.toLowerCase();
  const element = /^array\((.*)\)$/.exec(type)?.[1] ?? /^(.*)\[\]$/.exec(type)?.[1];
  if (element !== undefined) {
    return `array(${typeClass(element)})`;
  }
  if (integers.test(type)) {
    return 'integer';
  }
  if (type === 'real' || type === 'float') {
    return 'double';
  }
  if (type === 'blob') {
    return 'varbinary';
  }
  if (type === '"null"') {
    return 'unknown';
  }
  const scale = /^decimal\(\d+,\s*(\d+)\)$/.exec(type)?.[1];
  return scale === undefined ? type.replace(/\(\d+\)/, '') : `decimal(…,${scale})`;
}

/** A cell of either engine in one spelling. */
export function normalCell(value: unknown, type: string): Cell {
  if (value === null || value === undefined) {
    return null;
  }
  if (Array.isArray(value)) {
    const element = /^array\((.*)\)$/.exec(type)?.[1] ?? '';
    return value.map((entry) => normalCell(entry, element));
  }
  if (type === 'double') {
    return Number(value);
  }
  if (type === 'timestamp') {
    return String(value)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  }
  return typeof value === 'boolean' ? value : String(value);
}

const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';

export async function openDuckdb(): Promise<Engine> {
  const warehouse = await DuckdbWarehouse.open(
    { memoryLimit: '512MB', threads: 1, temporaryDirectory: tmpdir() },
    'probe',
  );
  const answer = async (select: string): Promise<Answer> => {
    try {
      const described = await warehouse.rows(`describe ${select}`);
      const columns = described.map(({ column_name, column_type }) => ({
        name: String(column_name),
        type: typeClass(String(column_type)),
      }));
      const rows = await warehouse.rows(select);
      return {
        columns,
        rows: rows.map((row) =>
          Object.values(row).map((cell, at) => normalCell(cell, columns[at]?.type ?? '')),
        ),
      };
    } catch (error) {
      return { error: firstLine(error) };
    }
  };
  return { name: 'duckdb', answer, close: () => warehouse.close() };
}

export function openTrino(url: string): Engine {
  const session = new TrinoSession(url);
  const answer = async (select: string): Promise<Answer> => {
    const { error, columns, rows } = await session.run(select);
    if (error !== undefined) {
      return { error };
    }
    const typed = columns.map(({ name, type }) => ({ name, type: typeClass(type) }));
    return {
      columns: typed,
      rows: rows.map((row) => row.map((cell, at) => normalCell(cell, typed[at]?.type ?? ''))),
    };
  };
  return { name: 'trino', answer, close: () => undefined };
}
