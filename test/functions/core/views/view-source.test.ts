import { describe, expect, it } from 'vitest';
import { cellsToHide, rowsToHide, sqlText } from '../../../../functions/core/views/view-source.ts';

const hidden = (counts: readonly (number | null)[]) => [...rowsToHide(counts, 10)].sort((a, b) => a - b);

describe('rowsToHide', () => {
  it('hides small groups, and nobody is no group', () => {
    expect(hidden([100, 0, 6, 7, null])).toEqual([2, 3]);
    expect(hidden([100, 0, 40])).toEqual([]);
  });

  it('hides the next smallest with a single one', () => {
    expect(hidden([100, 12, 9, 40])).toEqual([1, 2]);
  });

  it('hides on until the hidden are k together', () => {
    expect(hidden([100, 30, 2, 3])).toEqual([1, 2, 3]);
  });

  it('ends where there is nobody else to hide', () => {
    expect(hidden([1, 0, 0])).toEqual([0]);
    expect(hidden([])).toEqual([]);
  });
});

describe('cellsToHide', () => {
  /** A matrix by rows: lines are its rows and its columns. */
  const inMatrix = (matrix: readonly (readonly number[])[]) => {
    const width = matrix[0]?.length ?? 0;
    const rows = matrix.map((row, y) => row.map((_, x) => y * width + x));
    const columns = Array.from({ length: width }, (_, x) => matrix.map((_row, y) => y * width + x));
    const cells = cellsToHide(matrix.flat(), [...rows, ...columns], 10);
    return matrix.map((row, y) => row.map((count, x) => (cells.has(y * width + x) ? 'x' : count)));
  };

  it('hides so that neither a row nor a column gives a cell back', () => {
    expect(
      inMatrix([
        [100, 4, 30],
        [50, 60, 20],
        [70, 80, 90],
      ]),
    ).toEqual([
      [100, 'x', 'x'],
      [50, 'x', 'x'],
      [70, 80, 90],
    ]);
  });

  it('leaves a matrix of large cells alone', () => {
    const matrix = [
      [10, 11],
      [0, 12],
    ];

    expect(inMatrix(matrix)).toEqual(matrix);
  });
});

describe('sqlText', () => {
  it('doubles quotation marks', () => {
    expect(sqlText("it's")).toBe("'it''s'");
  });
});
