// Reads cells of a view by column key. A missing column or a wrong type is a fault of the publisher, so it throws.
import type { Cell, View } from '../functions/core/snapshot.ts';

export class ViewShapeError extends Error {
  override readonly name = 'ViewShapeError';
}

export interface RowReader {
  readonly number: (key: string) => number | null;
  readonly text: (key: string) => string | null;
  /** Like `text`, but the cell may not be empty. */
  readonly label: (key: string) => string;
  readonly flag: (key: string) => boolean;
}

function readRow(view: View, positions: ReadonlyMap<string, number>, row: readonly Cell[]): RowReader {
  const cell = (key: string): Cell => {
    const position = positions.get(key);
    if (position === undefined) {
      throw new ViewShapeError(
        `view "${view.id}" has no column "${key}" (it has ${[...positions.keys()].join(', ')}); publish it again with that column`,
      );
    }
    return row[position] ?? null;
  };
  const wrong = (key: string, expected: string): ViewShapeError =>
    new ViewShapeError(
      `view "${view.id}", column "${key}": expected ${expected}, found ${JSON.stringify(cell(key))}`,
    );
  const text = (key: string): string | null => {
    const value = cell(key);
    if (value === null || typeof value === 'string') return value;
    throw wrong(key, 'text');
  };
  return {
    number: (key) => {
      const value = cell(key);
      if (value === null || (typeof value === 'number' && Number.isFinite(value))) return value;
      throw wrong(key, 'a number');
    },
    text,
    label: (key) => {
      const value = text(key);
      if (value === null) throw wrong(key, 'text, not null');
      return value;
    },
    flag: (key) => {
      const value = cell(key);
      if (typeof value === 'boolean') return value;
      throw wrong(key, 'true or false');
    },
  };
}

export function readRows(view: View): readonly RowReader[] {
  const positions = new Map(view.columns.map((column, index) => [column.key, index]));
  return view.rows.map((row) => readRow(view, positions, row));
}
