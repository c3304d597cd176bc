type Row = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** Rows in aligned columns; numbers to the right. */
export function tableText(columns: readonly string[], rows: readonly Row[]): string {
  const widths = columns.map((column) =>
    Math.max(column.length, ...rows.map((row) => text(row[column]).length)),
  );
  const isNumber = columns.map((column) => rows.every((row) => /^-?[\d.,]*$/.test(text(row[column]))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) =>
        isNumber[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [
    line(columns),
    line(widths.map((width) => '─'.repeat(width))),
    ...rows.map((row) => line(columns.map((column) => text(row[column])))),
  ].join('\n');
}

/** RFC 4180, LF. */
export function csvText(columns: readonly string[], rows: readonly Row[]): string {
  const cell = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return [
    columns.map(cell).join(','),
    ...rows.map((row) => columns.map((column) => cell(text(row[column]))).join(',')),
  ].join('\n');
}
